import type { MetricQuery, MetricSource, Reading } from '../../src/core/metrics.ts'
import type { Clock, Millis } from '../../src/core/time.ts'
import { SimMetrics } from '../../src/simulator/sim-metrics.ts'
import { CARRIES } from './draw-config.ts'
import type { Going } from './weather.ts'

const PERIOD_MS: Millis = 60_000
const STALE_MS: Millis = 600_000
const LONG: Millis = 3_600_000

export interface MetricsOptions {
  readonly clock: Clock
  readonly going: Going
  /** Requests in flight so long ago. */
  readonly load: (agoMs: Millis) => number
  /** What was answered last. */
  readonly onReading: (metric: string, reading: Reading) => void
}

/** What is measured of the load, by who measures it. */
export function metricsIn(options: MetricsOptions): (from: string) => MetricSource | null {
  const { clock, load } = options
  const own = new SimMetrics(clock, (metric, query) => measuredOf(metric, query, load(0)))
  const shop: MetricSource = {
    // Once a minute, and a moment later.
    read: async (queries) => {
      const at = Math.floor((clock.now() - 1_000) / PERIOD_MS) * PERIOD_MS
      return queries.map((): Reading => ({ ok: true, sample: { value: load(clock.now() - at), at } }))
    },
  }
  const sources = new Map([
    ['balancer', own],
    ['fleet', own],
    ['source:shop', shop],
  ])
  return (from) => {
    const source = sources.get(from)
    return source ? { read: (...asked) => troubled(source, options, asked) } : null
  }
}

function measuredOf(metric: string, { servers }: MetricQuery, load: number): number | null {
  const share = servers.length === 0 ? 0 : load / (servers.length * CARRIES.inFlight)
  switch (metric) {
    case 'in-flight':
      return load
    case 'rps':
    case 'throughput':
      return (load * CARRIES.rps) / CARRIES.inFlight
    case 'cpu':
      return servers.length === 0 ? null : Math.min(1, 0.8 * share)
    case 'p95':
      return load === 0 ? null : 50 + 100 * share
    default:
      return null
  }
}

async function troubled(
  source: MetricSource,
  { clock, going, onReading }: MetricsOptions,
  [queries, windowMs, signal]: Parameters<MetricSource['read']>,
): Promise<readonly Reading[]> {
  const troubles = going('metric')
  const befalls = (metric: string) => troubles.find((one) => one.metric === null || one.metric === metric)
  if (queries.some(({ metric }) => befalls(metric)?.how === 'hang')) await clock.sleep(LONG, signal)
  const good = await source.read(queries, windowMs, signal)
  return queries.map(({ metric }, index) => {
    const reading = spoiled(good[index]!, befalls(metric)?.how ?? null, clock.now())
    onReading(metric, reading)
    return reading
  })
}

function spoiled(good: Reading, how: string | null, at: Millis): Reading {
  switch (how) {
    case 'missing':
      return { ok: false, at, why: 'no-data' }
    case 'unreachable':
      return { ok: false, at, why: 'unreachable' }
    case 'stale':
      return good.ok ? { ok: true, sample: { value: good.sample.value / 2, at: at - STALE_MS } } : good
    case 'nonsense':
      return good.ok ? { ok: true, sample: { ...good.sample, value: Number.NaN } } : good
    default:
      return good
  }
}
