import { type MetricName, metricInfo } from '../core/metrics.ts'
import type { View } from '../core/scaling.ts'
import { formatDuration } from '../core/units.ts'

const WHY_NOT = { 'no-data': 'no data', idle: 'idle', stale: 'stale', unreachable: 'unreachable' } as const

/** A metric's value, or for people why nothing may be concluded from it now. */
export type Fresh =
  | { readonly ok: true; readonly value: number }
  | {
      readonly ok: false
      readonly why: string
      /** Nothing is missing: there was no request to measure. */
      readonly idle: boolean
    }

/** The one place that says whether a reading may be used: there is one, it is good, and it is not older than the metric's
 *  own `freshMs`, else `guards.freshMs`. */
export function freshValue(view: View, metric: MetricName): Fresh {
  const reading = view.readings[metric]
  const not = (why: string, idle = false): Fresh => ({ ok: false, why: `${metric}: ${why}`, idle })
  if (!reading) return not('not measured')
  if (!reading.ok) {
    const detail = reading.detail ? ` (${reading.detail})` : ''
    return not(`${WHY_NOT[reading.why]}${detail}`, reading.why === 'idle')
  }
  const ageMs = view.now - reading.sample.at
  const { freshMs = view.fleet.guards.freshMs } = metricInfo(metric, view.fleet.metrics)
  if (ageMs > freshMs) return not(`stale, ${formatDuration(ageMs)} old`)
  if (!Number.isFinite(reading.sample.value)) return not('not a number')
  return { ok: true, value: reading.sample.value }
}
