import type { Millis } from './time.ts'

/** Buckets of a latency histogram are log-linear, as in HdrHistogram: four of equal width to each doubling, so that a quantile is at
 *  most a quarter off. The first are 1/16 ms wide; the last begins at 16384 ms and is open. */
const UNITS_PER_MS = 16
const LONGEST_MS = 16_384
/** Of the bucket with this index and those above it, each doubling has four. */
const LINEAR = 4

/** Upper bounds of all buckets but the open one, in ms. */
export const LATENCY_BOUNDS_MS: readonly Millis[] = bounds()

export const LATENCY_BUCKETS = LATENCY_BOUNDS_MS.length + 1

function bounds(): Millis[] {
  const found: Millis[] = []
  for (let width = 1; ; width *= 2) {
    for (let step = found.length === 0 ? 1 : LINEAR + 1; step <= 2 * LINEAR; step++) {
      const bound = (step * width) / UNITS_PER_MS
      found.push(bound)
      if (bound >= LONGEST_MS) return found
    }
  }
}

/** The bucket that a duration falls in; a bound belongs to the bucket below it. */
export function latencyBucket(ms: Millis): number {
  if (!(ms > 0)) return 0
  if (ms > LONGEST_MS) return LATENCY_BUCKETS - 1
  const unit = Math.ceil(ms * UNITS_PER_MS) - 1
  if (unit < LINEAR) return unit
  const exponent = 31 - Math.clz32(unit)
  return LINEAR * (exponent - 1) + ((unit >> (exponent - 2)) & (LINEAR - 1))
}

/** The quantile of counts by bucket, linear within its bucket; null when there are none. The open bucket gives its lower bound. */
export function latencyQuantile(counts: readonly number[], q: number): Millis | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total <= 0) return null
  let below = 0
  for (const [bucket, count] of counts.entries()) {
    if (below + count >= q * total && count > 0) {
      const from = LATENCY_BOUNDS_MS[bucket - 1] ?? 0
      const to = LATENCY_BOUNDS_MS[bucket] ?? from
      return from + ((q * total - below) / count) * (to - from)
    }
    below += count
  }
  return LATENCY_BOUNDS_MS.at(-1)!
}
