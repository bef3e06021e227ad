import type { MetricQuery, Sample } from '../../core/metrics.ts'
import type { Millis } from '../../core/time.ts'
import { type Ask, failed } from './client.ts'

const MAX_INSTANT_BYTES = 1024 * 1024
const MAX_RANGE_BYTES = 64 * 1024 * 1024
/** Prometheus refuses more than 11,000 points a series in one answer. */
const MAX_POINTS = 10_000
/** Of all series together: what fits well into memory. */
const MAX_SAMPLES = 5_000_000

export interface Series {
  readonly labels: Readonly<Record<string, string>>
  /** Oldest first. Values may be NaN or infinite: Prometheus has no other word for "nothing sensible". */
  readonly samples: readonly Sample[]
}

/** `$fleet` is the fleet's name, `$pools` its pools for a matcher: `pool=~"$pools"`. Names have only letters, digits and hyphens. */
export function fillQuery(text: string, { fleet, pools }: Pick<MetricQuery, 'fleet' | 'pools'>): string {
  return text.replaceAll('$fleet', fleet).replaceAll('$pools', pools.join('|'))
}

/** The result now: one series for a scalar, none to many for a vector, each with one sample, dated by the question. Throws Fault. */
export async function instantQuery(ask: Ask, query: string, signal: AbortSignal): Promise<readonly Series[]> {
  const data = resultOf(await ask('query', { query }, { maxBytes: MAX_INSTANT_BYTES, signal }))
  if (data.type === 'scalar') return [{ labels: {}, samples: [sampleOf(data.result)] }]
  if (data.type === 'vector') return listOf(data.result).map((one) => seriesOf(one, [one.value]))
  throw failed(`the query gives a ${data.type}, expected one value: an instant vector or a scalar`, 'user')
}

export interface RangeQuery {
  readonly query: string
  readonly fromAt: Millis
  /** Inclusive. */
  readonly toAt: Millis
  readonly stepMs: Millis
}

/** The results at every step of a range, each series whole. A long range is asked in several calls. Throws Fault, also when there are
 *  more samples than fit into memory. */
export async function rangeQuery(
  ask: Ask,
  { query, fromAt, toAt, stepMs }: RangeQuery,
  signal: AbortSignal,
): Promise<readonly Series[]> {
  const series = new Map<string, { labels: Series['labels']; samples: Sample[] }>()
  let total = 0
  for (let start = fromAt; start <= toAt; start += MAX_POINTS * stepMs) {
    const end = Math.min(toAt, start + (MAX_POINTS - 1) * stepMs)
    const form = { query, start: seconds(start), end: seconds(end), step: seconds(stepMs) }
    const { type, result } = resultOf(await ask('query_range', form, { maxBytes: MAX_RANGE_BYTES, signal }))
    if (type !== 'matrix') throw failed(`the range query gives a ${type}, expected a matrix`, 'user')
    for (const one of listOf(result)) {
      const { labels, samples } = seriesOf(one, Array.isArray(one.values) ? one.values : [])
      const key = JSON.stringify(Object.entries(labels).sort())
      const whole = series.get(key) ?? { labels, samples: [] }
      series.set(key, whole)
      for (const sample of samples) whole.samples.push(sample)
      total += samples.length
    }
    if (total > MAX_SAMPLES)
      throw failed(`more than ${MAX_SAMPLES} samples; ask for longer steps or fewer series`, 'user')
  }
  return [...series.values()]
}

function seconds(ms: Millis): string {
  return (ms / 1000).toFixed(3)
}

function resultOf(data: unknown): { readonly type: string; readonly result: unknown } {
  const { resultType, result } = (data ?? {}) as { resultType?: unknown; result?: unknown }
  if (typeof resultType !== 'string') throw notUnderstood()
  return { type: resultType, result }
}

interface RawSeries {
  readonly metric?: unknown
  readonly value?: unknown
  readonly values?: unknown
}

function listOf(result: unknown): readonly RawSeries[] {
  if (!Array.isArray(result)) throw notUnderstood()
  return result.map((one: unknown) => one ?? {}) as readonly RawSeries[]
}

function seriesOf({ metric }: RawSeries, points: readonly unknown[]): Series {
  return { labels: (metric ?? {}) as Series['labels'], samples: points.map(sampleOf) }
}

/** `[1435781451.781, "42"]` */
function sampleOf(point: unknown): Sample {
  const [at, value] = Array.isArray(point) ? (point as unknown[]) : []
  if (typeof at !== 'number' || typeof value !== 'string') throw notUnderstood()
  return { at: Math.round(at * 1000), value: numberOf(value) }
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text)
}

function notUnderstood(): Error {
  return failed('its answer is not in the form of the Prometheus HTTP API', 'network')
}
