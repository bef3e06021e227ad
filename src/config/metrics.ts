import type { MetricDriverModule, Parsed } from '../core/driver.ts'
import { BESIDE_METRICS } from '../core/history.ts'
import { type CustomMetrics, METRIC_ALIASES, METRICS, type MetricInfo } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { SourceSpec } from '../core/settings.ts'
import { formatDuration } from '../core/units.ts'
import type { Path } from './document.ts'
import { checkKeys, driverNamed, isMapping, keysOf, picked, type Raw, taken } from './driver-part.ts'
import { checkReference, type Entry, entries, namesIn } from './entries.ts'
import { METRIC, SOURCE } from './metric-schema.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'

type Driver = MetricDriverModule<unknown, unknown>
export type MetricDrivers = Readonly<Record<string, Driver>>

export interface MetricsContext {
  readonly drivers: MetricDrivers
  /** Relative paths in a driver's keys start here. */
  readonly baseDir: string
}

/** Where a metric comes from: `name` is what `MetricInfo.from` says. */
interface Source {
  readonly name: string
  readonly driver: Driver
  readonly config: unknown
  readonly written: unknown
}

interface Metric {
  readonly name: string
  readonly info: MetricInfo
  readonly source: Source
  readonly query: unknown
  readonly written: unknown
}

const OF_METRICS = ' of metrics'
/** What the rule language reads as one name. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const TAKEN: readonly string[] = [
  ...['and', 'or', 'not'],
  ...BESIDE_METRICS,
  ...Object.keys(METRICS),
  ...Object.keys(METRIC_ALIASES),
]

/** The metrics that the file defines, and the sources that measure them. */
export function readMetrics(
  raw: { readonly sources?: unknown; readonly metrics?: unknown },
  context: MetricsContext,
  report: Report,
): { readonly sources: readonly SourceSpec[]; readonly metrics: CustomMetrics } {
  const shared = new Map(
    entries(raw.sources, 'sources', report).map((entry) => [entry.name, readSource(entry, context, report)]),
  )
  const defined = entries(raw.metrics, 'metrics', report)
  const used = new Set(defined.map((entry) => keysOf(entry.raw).source))
  for (const name of namesIn(raw.sources))
    if (!used.has(name)) report.warn(['sources', name], 'no metric names this source')
  const metrics = defined
    .map((entry) => readMetric(entry, { ...context, shared }, report))
    .filter((metric) => metric !== null)
  const bySource = Map.groupBy(metrics, ({ source }) => source)
  return {
    sources: [...bySource].map(([{ name, driver, config, written }, mine]) => ({
      name,
      driver: driver.kind,
      config,
      queries: Object.fromEntries(mine.map((metric) => [metric.name, metric.query])),
      written: { config: written, queries: Object.fromEntries(mine.map((one) => [one.name, one.written])) },
    })),
    metrics: Object.fromEntries(metrics.map(({ name, info }) => [name, info])),
  }
}

/** What drivers have to say of sources that are right. */
export function warnOfSources(
  sources: readonly SourceSpec[],
  fleets: readonly FleetSpec[],
  drivers: MetricDrivers,
  report: Report,
): void {
  for (const { name, driver, config, queries } of sources) {
    const warnings = drivers[driver]?.warnings?.(config, Object.values(queries), fleets) ?? []
    const [kind, own] = name.split(':') as [string, string]
    for (const message of warnings) report.warn([`${kind}s`, own], message)
  }
}

/** null when a problem has been reported. */
function readSource({ name, raw, path }: Entry, context: MetricsContext, report: Report): Source | null {
  const keys = keysOf(raw)
  if (!parsePart(SOURCE, isMapping(raw) ? picked(keys, Object.keys(SOURCE.shape)) : raw, path, report))
    return null
  const driver = driverNamed(keys.driver, { table: context.drivers, what: OF_METRICS, path }, report)
  if (!driver) return null
  checkKeys(keys, [...Object.keys(SOURCE.shape), ...Object.keys(driver.sourceKeys)], path, report)
  const source = sourceOf(driver, keys, { context, path, report })
  return source && { name: `source:${name}`, driver, ...source }
}

interface Place {
  readonly context: MetricsContext
  readonly path: Path
  readonly report: Report
}

function sourceOf(driver: Driver, keys: Raw, { context, path, report }: Place) {
  const parse = (raw: Raw) => driver.parseSource(raw, context)
  return bothWays(parse, picked(keys, Object.keys(driver.sourceKeys)), path, report)
}

/** What a driver makes of its keys, and of their placeholders where they name secrets (null = it takes none there). */
function bothWays(parse: (raw: Raw) => Parsed<unknown>, raw: Raw, path: Path, report: Report) {
  const config = taken(parse(raw), path, report)
  if (!config) return null
  const written = parse(report.hide(raw))
  return { config: config.value, written: written.ok ? written.config : null }
}

interface Context extends MetricsContext {
  readonly shared: ReadonlyMap<string, Source | null>
}

/** One metric, whose source is a shared one or stands in the same section; null when a problem has been reported. */
function readMetric({ name, raw, path }: Entry, context: Context, report: Report): Metric | null {
  const keys = keysOf(raw)
  const parsed = parsePart(
    METRIC,
    isMapping(raw) ? picked(keys, Object.keys(METRIC.shape)) : raw,
    path,
    report,
  )
  if (TAKEN.includes(name))
    report.unknownKey(path, `${name} has a meaning already; give this metric another name`)
  else if (!NAME.test(name))
    report.unknownKey(path, 'expected a name such as queue-depth, which starts with a letter')
  if (!parsed) return null
  if ((parsed.source === undefined) === (parsed.driver === undefined)) {
    report.error(path, 'expected one of source (a name in sources:) and driver (with its own keys here)')
    return null
  }
  const named = { table: context.drivers, what: OF_METRICS, path }
  const own = parsed.driver === undefined ? null : driverNamed(parsed.driver, named, report)
  const inline = own && sourceOf(own, keys, { context, path, report })
  const source =
    parsed.source === undefined
      ? own && inline && { name: `metric:${name}`, driver: own, ...inline }
      : sharedNamed(parsed.source, path, context, report)
  const driver = own ?? source?.driver
  if (!driver) return null
  checkKeys(keys, [METRIC.shape, driver.metricKeys, own?.sourceKeys ?? {}].flatMap(Object.keys), path, report)
  const parse = (raw: Raw) => driver.parseMetric(raw)
  const query = bothWays(parse, picked(keys, Object.keys(driver.metricKeys)), path, report)
  if (!source || !query) return null
  const { unit, fresh, help } = parsed
  const info = { unit, from: source.name, perServer: parsed['per-server'], help: help ?? '' }
  const usualMs = driver.freshMs?.(source.config, query.config)
  if (fresh !== undefined && usualMs !== undefined && fresh < usualMs)
    report.warn(
      [...path, 'fresh'],
      `its samples may be ${formatDuration(usualMs)} old when nothing is wrong; it would be stale meanwhile`,
    )
  const freshMs = fresh ?? usualMs
  const timed = freshMs === undefined ? info : { ...info, freshMs }
  return { name, info: timed, source, query: query.config, written: query.written }
}

function sharedNamed(name: string, path: Path, { shared }: Context, report: Report): Source | null {
  checkReference('source', name, { path: [...path, 'source'], known: [...shared.keys()] }, report)
  return shared.get(name) ?? null
}
