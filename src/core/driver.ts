import type { Balancer } from './balancer.ts'
import type { Json } from './canonical.ts'
import type { Fleet } from './fleet.ts'
import type { MetricName, MetricSource } from './metrics.ts'
import type { Host } from './time.ts'

/** A problem of a driver's part of the configuration: path inside that part, and what to do. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What an opened driver offers; it is closed when the configuration changes or the program ends. Closing stops no server. */
export interface Opened extends AsyncDisposable {
  readonly fleet?: Fleet
  readonly balancer?: Balancer
  readonly metrics?: MetricSource
}

export type Parsed<Config> =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** One kind of fleet. Offline parts are pure; `open` does the rest. */
export interface DriverModule<Config> {
  readonly kind: string
  /** Keys that this driver adds to a fleet's section, for suggestions on misspelt ones. */
  readonly keys: readonly string[]
  /** Parses the driver's keys of a fleet's section; paths are relative to that section. */
  parse(raw: Readonly<Record<string, unknown>>, about: { readonly baseDir: string }): Parsed<Config>
  /** What a launch needs; its hash is the revision. */
  template(config: Config): Json
  open(config: Config, about: { readonly fleet: string }, host: Host): Promise<Opened>
}

/** One kind of source of the metrics that a file defines. */
export interface MetricDriverModule<Source, Query> {
  readonly kind: string
  /** Keys that it adds to a source, and to a metric, for suggestions on misspelt ones. */
  readonly sourceKeys: readonly string[]
  readonly metricKeys: readonly string[]
  /** As `DriverModule.parse`: the keys of a source's section, relative paths from `baseDir`. */
  parseSource(raw: Readonly<Record<string, unknown>>, about: { readonly baseDir: string }): Parsed<Source>
  /** The same of a metric's section. */
  parseMetric(raw: Readonly<Record<string, unknown>>): Parsed<Query>
  /** Reaches nobody yet: a source that cannot be reached is `unreachable` in each reading. */
  open(
    source: Source,
    queries: Readonly<Record<MetricName, Query>>,
    host: Host,
  ): Promise<{ readonly metrics: MetricSource } & AsyncDisposable>
}
