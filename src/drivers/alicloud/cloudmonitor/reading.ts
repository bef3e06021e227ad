import type { Reading } from '../../../core/metrics.ts'
import type { Millis } from '../../../core/time.ts'
import type { Across, MetricConfig } from './config.ts'
import type { Point } from './points.ts'

export interface Asked {
  /** How many serve, for a metric of servers. */
  readonly servers: number
  readonly now: Millis
}

/** What the points of one fleet's servers say, or of what it is a metric of else. The newest period counts, and the one before it for series that are a little late: the cloud goes on
 *  to show the last point of whatever is measured no more. */
export function readingOf(points: readonly Point[], metric: MetricConfig, asked: Asked): Reading {
  const none = (detail: string): Reading => ({ ok: false, at: asked.now, why: 'no-data', detail })
  const newestAt = Math.max(...points.map(({ timestamp }) => timestamp))
  const recent = points.filter(({ timestamp }) => timestamp >= newestAt - metric.periodMs)
  if (recent.length === 0)
    return none(`${metric.namespace} has no ${metric.metric} of it; some metrics need the CloudMonitor agent`)
  const missing = shortOf(recent, metric, asked)
  if (missing !== null) return none(missing)
  const values = recent.map((point) => statisticIn(point, metric.statistic))
  if (!values.every((value) => value !== null))
    return none(`its points have ${namesIn(recent[0]!)} and no ${metric.statistic ?? 'Average'}`)
  // A mean over those that are measured stands for all of them.
  const weight = metric.across === 'sum' && metric.serverKey !== null ? asked.servers / values.length : 1
  const value = ACROSS[metric.across ?? 'mean'](values) * weight * metric.scale
  return { ok: true, sample: { value, at: Math.min(newestAt + metric.periodMs, asked.now) } }
}

/** Why these are not enough; null = they are. */
function shortOf(
  points: readonly Point[],
  { serverKey, across }: MetricConfig,
  { servers }: Asked,
): string | null {
  if (serverKey === null)
    return points.length > 1 && across === null
      ? `there are ${points.length} series, expected one: name more dimensions, or write across: sum`
      : null
  const measured = new Set(points.map((point) => point[serverKey]))
  if (measured.size < points.length) return `a server has several series, expected one: name more dimensions`
  return measured.size * 2 < servers
    ? `${measured.size} of ${servers} servers are measured, expected half of them`
    : null
}

/** Some products have one value and no mean. */
function statisticIn(point: Point, statistic: string | null): number | null {
  const value = statistic === null ? (point.Average ?? point.Value) : point[statistic]
  return typeof value === 'number' ? value : null
}

function namesIn(point: Point): string {
  const names = Object.entries(point).filter(
    ([name, value]) => typeof value === 'number' && name !== 'timestamp',
  )
  return names.map(([name]) => name).join(', ')
}

const ACROSS = {
  mean: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
  sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  max: (values: readonly number[]) => Math.max(...values),
  min: (values: readonly number[]) => Math.min(...values),
} as const satisfies Record<Across, (values: readonly number[]) => number>
