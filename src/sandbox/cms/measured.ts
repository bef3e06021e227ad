import type { Millis } from '../../core/time.ts'
import type { World } from '../world.ts'
import { type Measurement, SPAN_MS, type Span } from './state.ts'

/** The cloud keeps points for 7 days and more. The sandbox keeps what the longest look back of `DescribeMetricLast` sees. */
const KEPT_MS = 2 * 3_600_000

/** The world in which these were measured now. What has not been measured for long is forgotten, as is what is old. */
export function measured(world: World, measurements: readonly Measurement[], now: Millis): World {
  const live = [...world.cms.series].filter(([, { spans }]) => spans.at(-1)!.at > now - KEPT_MS)
  const series = new Map(live)
  for (const { value, ...what } of measurements) {
    const key = JSON.stringify([what.account, what.namespace, what.metric, what.dimensions])
    series.set(key, { ...what, spans: withValue(series.get(key)?.spans ?? [], value, now) })
  }
  return { ...world, cms: { ...world.cms, series } }
}

function withValue(spans: readonly Span[], value: number, now: Millis): readonly Span[] {
  const at = Math.floor(now / SPAN_MS) * SPAN_MS
  const last = spans.at(-1)
  if (last?.at !== at)
    return [
      ...spans.filter((span) => span.at > now - KEPT_MS),
      { at, sum: value, count: 1, minimum: value, maximum: value },
    ]
  const minimum = Math.min(last.minimum, value)
  const maximum = Math.max(last.maximum, value)
  return [...spans.slice(0, -1), { at, sum: last.sum + value, count: last.count + 1, minimum, maximum }]
}
