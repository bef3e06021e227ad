import { type CustomMetrics, METRICS, type MetricName, metricInfo } from '../../core/metrics.ts'

/** Where the load of all servers together is found. */
export interface WholeLoad {
  readonly metric: MetricName
  /** The metric is a mean over the serving servers: it counts times those. */
  readonly timesServing: boolean
}

const PER_SERVER = '-per-server'

/** A forecast is of what arrives, not of what that makes of each of so many servers as there happened to be. */
export function wholeLoadOf(metric: MetricName, custom: CustomMetrics): WholeLoad {
  if (!metricInfo(metric, custom).perServer) return { metric, timesServing: false }
  const whole = metric.endsWith(PER_SERVER) ? metric.slice(0, -PER_SERVER.length) : metric
  return whole !== metric && Object.hasOwn(METRICS, whole)
    ? { metric: whole, timesServing: false }
    : { metric, timesServing: true }
}
