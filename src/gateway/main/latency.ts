import { LATENCY_BOUNDS_MS } from '../../core/control.ts'
import type { Millis } from '../../core/time.ts'

/** The quantile of a histogram over LATENCY_BOUNDS_MS, linear within its bucket; null when it is empty. The open bucket gives its lower bound. */
export function quantile(counts: readonly number[], q: number): Millis | null {
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
