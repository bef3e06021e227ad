import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LATENCY_BOUNDS_MS, LATENCY_BUCKETS, latencyBucket, latencyQuantile } from './latency.ts'

/** Counts by bucket of these durations. */
function histogram(durations: readonly number[]): number[] {
  const counts = new Array<number>(LATENCY_BUCKETS).fill(0)
  for (const ms of durations) counts[latencyBucket(ms)]! += 1
  return counts
}

test('buckets grow from a sixteenth of a millisecond to 16 s, four to a doubling', () => {
  expect(LATENCY_BOUNDS_MS.slice(0, 6)).toEqual([0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375])
  expect(LATENCY_BOUNDS_MS.filter((ms) => ms > 1 && ms <= 4)).toEqual([1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4])
  expect(LATENCY_BOUNDS_MS.at(-1)).toBe(16_384)
})

test('a duration falls in the bucket whose bounds hold it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 20_000, noNaN: true }), (ms) => {
      const bucket = latencyBucket(ms)
      expect(ms).toBeGreaterThanOrEqual(LATENCY_BOUNDS_MS[bucket - 1] ?? 0)
      expect(ms).toBeLessThanOrEqual(LATENCY_BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY)
    }),
  )
  for (const [index, bound] of LATENCY_BOUNDS_MS.entries()) expect(latencyBucket(bound)).toBe(index)
})

test('a quantile is at most a quarter off the true one', () => {
  const durations = fc.array(fc.double({ min: 0.3, max: 16_000, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95, 0.99), (all, q) => {
      const sorted = all.toSorted((a, b) => a - b)
      const exact = sorted[Math.ceil(q * sorted.length) - 1]!
      const found = latencyQuantile(histogram(all), q)!
      expect(found).toBeGreaterThanOrEqual(exact * 0.75)
      expect(found).toBeLessThanOrEqual(exact * 1.25 + 1e-9)
    }),
  )
})

test('a quantile is linear within its bucket, and the open bucket gives its lower bound', () => {
  const bucket = latencyBucket(100)
  const [from, to] = [LATENCY_BOUNDS_MS[bucket - 1]!, LATENCY_BOUNDS_MS[bucket]!]
  expect(latencyQuantile(histogram(new Array(10).fill(100)), 0.5)).toBe((from + to) / 2)
  expect(latencyQuantile(histogram([1, 20_000]), 0.99)).toBe(16_384)
  expect(latencyQuantile(histogram([]), 0.5)).toBeNull()
})
