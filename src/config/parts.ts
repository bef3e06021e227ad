import type * as z from 'zod'
import { GATEWAY, type ListenerSpec, type PoolSpec } from '../core/balancer.ts'
import type { CustomMetrics } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import { poolsOf } from '../core/rule.ts'
import type { DrivenBalancer, SourceSpec } from '../core/settings.ts'
import type { Millis } from '../core/time.ts'
import {
  type BalancerDrivers,
  type Carriers,
  carrierOf,
  checkHonoured,
  drivenBalancers,
  readCarriers,
  splitPool,
} from './balancers.ts'
import { checkCanaryNames } from './canaries.ts'
import { entries, namesIn } from './entries.ts'
import { type Drivers, readFleet } from './fleets.ts'
import { readListener } from './listeners.ts'
import { type MetricDrivers, readMetrics, warnOfSources } from './metrics.ts'
import { readPool } from './pools.ts'
import type { Report } from './report.ts'
import type { ROOT } from './schema.ts'
import { checkHashes } from './spread.ts'
import type { TlsFiles } from './tls.ts'

export type Root = z.output<typeof ROOT>

export interface PartsContext {
  readonly files: TlsFiles
  readonly now: Millis
  readonly drivers: Drivers
  readonly metricDrivers: MetricDrivers
  readonly balancerDrivers: BalancerDrivers
}

/** What stands in the named sections. `listeners` and `pools` are the gateway's; the others' are in `balancers`. */
export interface Parts {
  readonly listeners: readonly ListenerSpec[]
  readonly pools: readonly PoolSpec[]
  readonly balancers: readonly DrivenBalancer[]
  readonly sources: readonly SourceSpec[]
  readonly fleets: readonly FleetSpec[]
}

/** Something of the file, and the name of the balancer that has it. */
interface Carried<T> {
  readonly by: string
  readonly spec: T
}

export function readParts(root: Root, context: PartsContext, report: Report): Parts {
  const { files } = context
  const carriers = readCarriers(
    root.balancers,
    { drivers: context.balancerDrivers, baseDir: files.baseDir },
    report,
  )
  const listeners = readListeners(root, { carriers, files }, report)
  const pools = readPools(root, { carriers, files, listeners }, report)
  checkBorders(listeners, pools, report)
  checkCanaryNames(
    listeners.map(({ spec }) => spec),
    report,
  )
  const of = <T>(all: readonly Carried<T>[], name: string) =>
    all.filter(({ by }) => by === name).map(({ spec }) => spec)
  const carriedBy = (name: string) => ({ listeners: of(listeners, name), pools: of(pools, name) })
  const { sources, metrics } = readMetrics(
    root,
    { drivers: context.metricDrivers, baseDir: files.baseDir },
    report,
  )
  const fleets = readFleets(root, { context, pools, metrics }, report)
  const drivenBy = (name: string) => {
    const { listeners, pools } = carriedBy(name)
    return { listeners, pools: pools.map((pool) => drained(pool, fleets)) }
  }
  const balancers = drivenBalancers(carriers, drivenBy, report)
  warnOfSources(sources, fleets, context.metricDrivers, report)
  return { ...carriedBy(GATEWAY), balancers, sources, fleets }
}

/** With the time that its servers have to drain. */
function drained(pool: PoolSpec, fleets: readonly FleetSpec[]): PoolSpec {
  const times = fleets.flatMap(({ name, drainMs }) =>
    pool.fleets.includes(name) && drainMs !== null ? [drainMs] : [],
  )
  return times.length === 0 ? pool : { ...pool, drainMs: Math.max(...times) }
}

function readListeners(
  root: Root,
  { carriers, files }: { readonly carriers: Carriers; readonly files: TlsFiles },
  report: Report,
): readonly Carried<ListenerSpec>[] {
  // A balancer beside the gateway may have listeners that this file does not know.
  if (namesIn(root.listeners).length === 0 && carriers.size === 0)
    report.error(
      ['listeners'],
      'missing; expected at least one listener, such as web: { bind: ":8080", pool: api }',
    )
  return entries(root.listeners, 'listeners', report).flatMap((entry) => {
    const by = carrierOf(entry, carriers, report)
    const spec = readListener(entry, { pools: namesIn(root.pools), files }, report)
    const carrier = carriers.get(by)
    if (carrier) checkHonoured(entry.raw, { path: entry.path, section: 'listeners', carrier }, report)
    return spec ? [{ by, spec }] : []
  })
}

function readPools(
  root: Root,
  {
    carriers,
    files,
    listeners,
  }: {
    readonly carriers: Carriers
    readonly files: TlsFiles
    readonly listeners: readonly Carried<ListenerSpec>[]
  },
  report: Report,
): readonly Carried<PoolSpec>[] {
  const specs = listeners.map(({ spec }) => spec)
  const pools = entries(root.pools, 'pools', report).flatMap((whole): readonly Carried<PoolSpec>[] => {
    const by = carrierOf(whole, carriers, report)
    const { entry, part } = splitPool(whole, carriers.get(by), report)
    const senders = sendersTo(entry.name, specs)
    const context = {
      fleets: namesIn(root.fleets),
      protocols: new Set(senders.map(({ protocol }) => protocol)),
      files,
      encrypted: by === GATEWAY && root.https === 'only' && !senders.every(isEncryptedAlready),
      isOurs: by === GATEWAY,
    }
    const spec = readPool(entry, context, report)
    return spec ? [{ by, spec: part === null ? spec : { ...spec, part } }] : []
  })
  checkHashes(
    pools.map(({ spec }) => spec),
    specs,
    report,
  )
  return pools
}

/** A listener sends only to pools of its own balancer. */
function checkBorders(
  listeners: readonly Carried<ListenerSpec>[],
  pools: readonly Carried<PoolSpec>[],
  report: Report,
): void {
  const by = new Map(pools.map((pool) => [pool.spec.name, pool.by]))
  const check = (
    listener: Carried<ListenerSpec>,
    pool: string | null,
    path: readonly (string | number)[],
  ) => {
    const other = pool === null ? undefined : by.get(pool)
    if (other === undefined || other === listener.by) return
    report.error(
      path,
      `pool ${pool} is of balancer ${other}, and this listener of ${listener.by}; expected the same`,
    )
  }
  for (const listener of listeners) {
    const path = ['listeners', listener.spec.name]
    check(listener, listener.spec.pool, [...path, 'pool'])
    listener.spec.rules.forEach((rule, index) => {
      for (const pool of poolsOf(rule)) check(listener, pool, [...path, 'rules', index])
    })
  }
}

function readFleets(
  root: Root,
  {
    context,
    pools,
    metrics,
  }: {
    readonly context: PartsContext
    readonly pools: readonly Carried<PoolSpec>[]
    readonly metrics: CustomMetrics
  },
  report: Report,
): readonly FleetSpec[] {
  return entries(root.fleets, 'fleets', report).flatMap((entry) => {
    const fed = pools.filter(({ spec }) => spec.fleets.includes(entry.name))
    const about = {
      drivers: context.drivers,
      baseDir: context.files.baseDir,
      pools: fed.map(({ spec }) => spec.name),
      balancers: [...new Set(fed.map(({ by }) => by))],
      metrics,
      bandwidthBps: root.gateway.bandwidth ?? null,
      now: context.now,
    }
    const fleet = readFleet(entry, about, report)
    return fleet ? [fleet] : []
  })
}

function sendersTo(pool: string, listeners: readonly ListenerSpec[]): readonly ListenerSpec[] {
  return listeners.filter(
    (one) => one.pool === pool || one.rules.some((rule) => poolsOf(rule).includes(pool)),
  )
}

/** What passes through is the client's own TLS. */
function isEncryptedAlready({ tls }: ListenerSpec): boolean {
  return tls !== undefined && tls.certificates.length === 0
}
