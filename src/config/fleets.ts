import type * as z from 'zod'
import { GATEWAY } from '../core/balancer.ts'
import { canonical } from '../core/canonical.ts'
import { NO_PRICE } from '../core/cost.ts'
import type { DriverModule } from '../core/driver.ts'
import { hash64 } from '../core/hash.ts'
import { type CustomMetrics, type MetricName, metricInfo } from '../core/metrics.ts'
import type { FleetSpec, PolicySpec } from '../core/policy.ts'
import type { Millis } from '../core/time.ts'
import { readCosts } from './costs.ts'
import type { Path } from './document.ts'
import { checkKeys, driverNamed, isMapping, type Raw, taken } from './driver-part.ts'
import type { Entry } from './entries.ts'
import { FLEET } from './fleet-schema.ts'
import { readGuards } from './guards.ts'
import { parsePart } from './parse.ts'
import { readPolicies } from './policies.ts'
import type { Report } from './report.ts'
import { readTuning } from './tuning.ts'

export type Drivers = Readonly<Record<string, DriverModule<unknown>>>

export interface FleetContext {
  readonly drivers: Drivers
  /** Relative paths in a driver's keys start here. */
  readonly baseDir: string
  /** Pools that name this fleet. */
  readonly pools: readonly string[]
  /** Names of the balancers that have those. */
  readonly balancers: readonly string[]
  /** Those of the file. */
  readonly metrics: CustomMetrics
  /** What the line carries; null = nobody has said. */
  readonly bandwidthBps: number | null
  /** Tells which events are over. */
  readonly now: Millis
}

type Driven = Pick<FleetSpec, 'driver' | 'config' | 'template'>
type Parsed = z.output<typeof FLEET>

/** A metric that a policy names. */
interface Read {
  readonly metric: MetricName
  readonly path: Path
}

/** One fleet; null when it cannot be made out. */
export function readFleet(entry: Entry, context: FleetContext, report: Report): FleetSpec | null {
  const { name, path } = entry
  const [own, rest] = split(entry.raw)
  const parsed = parsePart(FLEET, own, path, report)
  const driven = rest && readDriver(own as Raw, rest, { path, context }, report)
  if (!parsed) return null
  if (parsed.min > parsed.max) {
    const at = 'min' in (own as Raw) ? 'min' : 'max'
    report.error([...path, at], `min ${parsed.min} is more than max ${parsed.max}`)
  }
  if (context.pools.length === 0) report.warn(path, 'no pool names this fleet, so its servers get no traffic')
  const frame = { min: parsed.min, max: parsed.max, startupMs: parsed.startup.timeout, now: context.now }
  const { specs, reads } = readPolicies(
    parsed.policies ?? [],
    { path: [...path, 'policies'], custom: context.metrics, frame },
    report,
  )
  if (specs.length === 0 && parsed.max > parsed.min && (parsed.policies ?? []).length === 0) {
    report.warn(
      path,
      `no policies: the fleet stays at min (${parsed.min}) and never comes to max (${parsed.max})`,
    )
  }
  checkLearned(parsed, specs, path, report)
  checkUnseen(parsed, { path, context, reads }, report)
  for (const read of reads) {
    if (read.metric === 'bandwidth-free' && context.bandwidthBps === null) {
      report.error(
        read.path,
        'bandwidth-free needs to know what the line carries; give gateway a bandwidth, such as bandwidth: 1Gbps',
      )
    }
  }
  const costs = readCosts(parsed, path, report)
  const tuning = readTuning(parsed.tuning, [...path, 'tuning'], report)
  if (driven) {
    const driver = context.drivers[driven.driver]!
    checkMeasured(driver, rest!, { reads, metrics: context.metrics }, report)
    checkPriced(driver, costs, path, report)
    checkDrawn(driver, costs, path, report)
  }
  return (
    driven && {
      ...common(parsed),
      ...costs,
      ...(tuning && { tuning }),
      guards: readGuards(parsed.guards, [...path, 'guards'], report),
      ...report.hide(driven),
      name,
      pools: context.pools,
      metrics: context.metrics,
      policies: specs,
      revision: revisionOf(driven, parsed, context),
    }
  )
}

/** A young fleet has taught nothing yet. */
function checkLearned({ capacity }: Parsed, specs: readonly PolicySpec[], path: Path, report: Report): void {
  const shares = specs.filter((spec) => 'value' in spec && spec.ofCapacity)
  const others = specs.filter((spec) => spec.type === 'step' || ('value' in spec && !spec.ofCapacity))
  if (capacity !== null || shares.length === 0 || others.length > 0) return
  report.warn(
    [...path, 'policies'],
    'what a server can carry is learned from what the fleet carries, and no other policy asks for servers until then; give the fleet a capacity, such as capacity: 80, or a second policy, such as { type: target, metric: cpu, value: 70% }',
  )
}

/** Not every driver measures its servers. */
function checkMeasured(
  { kind, measures = [] }: DriverModule<unknown>,
  rest: Raw,
  { reads, metrics }: { readonly reads: readonly Read[]; readonly metrics: CustomMetrics },
  report: Report,
): void {
  for (const { metric, path } of reads) {
    if (metricInfo(metric, metrics).from !== 'fleet') continue
    if (!measures.includes(metric))
      report.warn(
        path,
        `driver ${kind} does not measure ${metric}, so that the policy will abstain; expected a metric of the section metrics, of a source such as cloudmonitor or prometheus`,
      )
    else if (metric === 'memory' && rest.memory === undefined)
      report.warn(
        path,
        'memory has no data without a limit of memory, and this fleet sets none; the policy will abstain',
      )
  }
}

/** Carbon is made of power; types of servers tell that only where the driver has them. */
function checkDrawn(
  { kind, types }: DriverModule<unknown>,
  { carbon, watts }: Pick<FleetSpec, 'carbon' | 'watts'>,
  path: Path,
  report: Report,
): void {
  if (!carbon || watts || types) return
  report.warn(
    [...path, 'carbon'],
    `driver ${kind} does not know what a server draws, so that its carbon is never counted; give the fleet its watts, such as watts: { idle: 60, peak: 180 }`,
  )
}

/** A budget is counted in prices. */
function checkPriced(
  { kind, prices }: DriverModule<unknown>,
  { budget, price = NO_PRICE }: Pick<FleetSpec, 'budget' | 'price'>,
  path: Path,
  report: Report,
): void {
  if (!budget || prices || price.perHour !== null || Object.keys(price.types).length > 0) return
  report.warn(
    [...path, 'budget', 'amount'],
    `driver ${kind} does not know what a server costs, so that the budget is never used up; give the fleet a price, such as price: { per-hour: 0.5 }`,
  )
}

/** Only our own gateway tells what is in flight. */
function checkUnseen(
  parsed: Parsed,
  {
    path,
    context: { balancers, metrics },
    reads,
  }: {
    readonly path: Path
    readonly context: FleetContext
    readonly reads: readonly Read[]
  },
  report: Report,
): void {
  const other = balancers.find((name) => name !== GATEWAY)
  if (other === undefined) return
  if (parsed.drain.timeout === null)
    report.error(
      [...path, 'drain', 'timeout'],
      `balancer ${other} does not tell what is in flight, so that a server would never leave; expected a duration such as 30s`,
    )
  if (balancers.includes(GATEWAY)) return
  for (const { metric, path: at } of reads)
    if (metricInfo(metric, metrics).from === 'balancer')
      report.warn(
        at,
        `${metric} is measured by our own gateway, and no pool of this fleet is there; the policy will abstain`,
      )
}

/** The keys of every fleet, and those that are for its driver. */
function split(raw: unknown): readonly [unknown, Raw | null] {
  if (!isMapping(raw)) return [raw, null]
  const own = Object.entries(raw).filter(([key]) => Object.hasOwn(FLEET.shape, key))
  const rest = Object.entries(raw).filter(([key]) => !Object.hasOwn(FLEET.shape, key))
  return [Object.fromEntries(own), Object.fromEntries(rest)]
}

function common(parsed: Parsed) {
  return {
    min: parsed.min,
    max: parsed.max,
    reserve: parsed.reserve,
    weight: parsed.weight,
    startupMs: parsed.startup.timeout,
    usualStartupMs: parsed.startup.usual,
    capacityRps: parsed.capacity,
    drainMs: parsed.drain.timeout,
    replace: { surge: parsed.replace.surge, unhealthyMs: parsed.replace['unhealthy-after'] },
  }
}

function revisionOf(
  { driver, template }: Driven,
  { revision }: Parsed,
  { drivers }: Pick<FleetContext, 'drivers'>,
): string {
  const made = drivers[driver]?.identity?.(template) ?? template
  return hash64(canonical(revision === undefined ? made : { template: made, revision }))
}

function readDriver(
  own: Raw,
  rest: Raw,
  { path, context }: { readonly path: Path; readonly context: FleetContext },
  report: Report,
): Driven | null {
  // Missing or no text: the schema has said so, and nobody knows which keys there may be.
  const driver = driverNamed(own.driver, { table: context.drivers, what: '', path }, report)
  if (!driver) return null
  checkKeys(rest, [...Object.keys(FLEET.shape), ...Object.keys(driver.keys)], path, report)
  const parsed = taken(driver.parse(rest, { baseDir: context.baseDir }), path, report)
  if (!parsed) return null
  return { driver: driver.kind, config: parsed.value, template: driver.template(parsed.value) }
}
