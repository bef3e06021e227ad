import type { Millis } from './time.ts'

export type Unit = 'ratio' | 'count' | 'per-second' | 'ms' | 'bytes' | 'bits-per-second'

export interface MetricInfo {
  readonly unit: Unit
  /** Who measures it: `balancer` (that carries the traffic), `fleet` (its driver), or a source of the file, `source:NAME`. */
  readonly from: string
  /** True when it falls as servers are added: `target` divides by it. */
  readonly perServer: boolean
  readonly help: string
  /** Why `target` cannot follow it; left out: it can. */
  readonly noTarget?: string
  /** A sample older than this is stale; left out, the fleet's `guards.freshMs` says. */
  readonly freshMs?: Millis
}

const NO_TARGET = 'it does not change in proportion to the servers'

/** Every metric of our own: the one table that units, checks and the reference follow. */
export const METRICS = {
  cpu: {
    unit: 'ratio',
    from: 'fleet',
    perServer: true,
    help: 'share of the CPU limit, mean over serving servers',
  },
  memory: {
    unit: 'ratio',
    from: 'fleet',
    perServer: true,
    help: 'resident memory over its limit, mean over serving servers; no limit = no data',
  },
  rps: {
    unit: 'per-second',
    from: 'balancer',
    perServer: false,
    help: 'requests that arrive a second, all pools of the fleet',
  },
  'rps-per-server': {
    unit: 'per-second',
    from: 'balancer',
    perServer: true,
    help: 'rps over serving servers',
  },
  'in-flight': {
    unit: 'count',
    from: 'balancer',
    perServer: false,
    help: 'requests in flight, time-weighted mean over 5 s',
  },
  'in-flight-per-server': {
    unit: 'count',
    from: 'balancer',
    perServer: true,
    help: 'in-flight over serving servers',
  },
  connections: {
    unit: 'count',
    from: 'balancer',
    perServer: false,
    help: 'open connections to the servers, mean over 5 s',
  },
  'connections-per-server': {
    unit: 'count',
    from: 'balancer',
    perServer: true,
    help: 'connections over serving servers',
  },
  p50: {
    unit: 'ms',
    from: 'balancer',
    perServer: false,
    noTarget: NO_TARGET,
    help: 'median of the times from a request sent to a server until its answer begins, over 5 s, all pools of the fleet; at most a quarter off; tcp has none',
  },
  p95: {
    unit: 'ms',
    from: 'balancer',
    perServer: false,
    noTarget: NO_TARGET,
    help: '95th percentile of the times from a request sent to a server until its answer begins, over 5 s, all pools of the fleet; at most a quarter off; tcp has none',
  },
  p99: {
    unit: 'ms',
    from: 'balancer',
    perServer: false,
    noTarget: NO_TARGET,
    help: '99th percentile of the times from a request sent to a server until its answer begins, over 5 s, all pools of the fleet; at most a quarter off; tcp has none',
  },
  'error-rate': {
    unit: 'ratio',
    from: 'balancer',
    perServer: false,
    noTarget: NO_TARGET,
    help: 'share of the requests that ended within 5 s whose answer was 500 or above, whoever gave it, or was broken off; for tcp, connections that no server took',
  },
  throughput: {
    unit: 'per-second',
    from: 'balancer',
    perServer: false,
    help: 'requests a second that ended without such an error; for tcp, connections that a server took',
  },
  bandwidth: {
    unit: 'bits-per-second',
    from: 'balancer',
    perServer: false,
    help: 'bits a second sent to clients, headers included, all pools of the fleet; powers of ten',
  },
  'bandwidth-free': {
    unit: 'bits-per-second',
    from: 'balancer',
    perServer: false,
    noTarget: NO_TARGET,
    help: '`gateway.bandwidth` less what all pools of the gateway send, at least 0',
  },
} as const satisfies Record<string, MetricInfo>

/** A metric of our own, or one that the file's `metrics:` section defines. */
export type MetricName = string
/** Those that the file defines, by name. */
export type CustomMetrics = Readonly<Record<MetricName, MetricInfo>>

const OWN: CustomMetrics = METRICS
export const METRIC_ALIASES: Readonly<Record<string, keyof typeof METRICS>> = { qps: 'rps' }

/** The metric of that name or alias; null when there is none. */
export function metricNamed(name: string, custom: CustomMetrics): MetricName | null {
  if (Object.hasOwn(METRICS, name) || Object.hasOwn(custom, name)) return name
  return Object.hasOwn(METRIC_ALIASES, name) ? METRIC_ALIASES[name]! : null
}

/** What is known of a metric that `metricNamed` has found. */
export function metricInfo(metric: MetricName, custom: CustomMetrics): MetricInfo {
  const info = Object.hasOwn(OWN, metric) ? OWN[metric] : custom[metric]
  if (!info) throw new Error(`there is no metric ${metric}`)
  return info
}

/** Every name that a rule or a policy may use. */
export function metricNames(custom: CustomMetrics): readonly string[] {
  return [...Object.keys(METRICS), ...Object.keys(METRIC_ALIASES), ...Object.keys(custom)]
}

export interface Sample {
  readonly value: number
  readonly at: Millis
}

/** A sample, or the reason why there is none. "No data" is a value, never zero. `idle`: the source looked, and as no request was
 *  there, there was nothing to measure. */
export type Reading =
  | { readonly ok: true; readonly sample: Sample }
  | {
      readonly ok: false
      readonly at: Millis
      readonly why: 'no-data' | 'idle' | 'stale' | 'unreachable'
      readonly detail?: string
    }

export interface MetricQuery {
  readonly metric: MetricName
  readonly fleet: string
  /** Pools that the fleet feeds. */
  readonly pools: readonly string[]
  /** Ids of the serving servers: what "per server" and "mean over" refer to. */
  readonly servers: readonly string[]
}

export interface MetricSource {
  /** One reading a query, in order. Never throws for missing data; a metric it does not know is `no-data`. */
  read(queries: readonly MetricQuery[], windowMs: Millis, signal: AbortSignal): Promise<readonly Reading[]>
}
