import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rngOf } from '../../simulator/chance.ts'
import { correlate } from './correlate.ts'
import { kneeOf } from './knee.ts'

const noise = (seed: number, count: number) => {
  const rng = rngOf(seed)
  return Float64Array.from({ length: count }, () => rng())
}

test('a bent relation agrees by its ranks, and not on a straight line', () => {
  const a = noise(1, 500)
  const found = correlate(
    a,
    a.map((value) => Math.exp(8 * value)),
    3,
  )!
  expect(found).toMatchObject({ lag: 0, pairs: 500, significant: true })
  expect(found.spearman).toBeCloseTo(1, 9)
  expect(found.pearson).toBeLessThan(0.8)
})

test('the lag at which one follows the other is found, in both directions', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8, max: 8 }), fc.integer({ min: 1, max: 1e6 }), (lag, seed) => {
      const a = noise(seed, 400)
      const b = a.map((_, index) => 3 + (a[index - lag] ?? 0))
      expect(correlate(a, b, 10)).toMatchObject({ lag, significant: true })
    }),
    { numRuns: 30, seed: 3 },
  )
})

test('what has nothing to do with each other is seldom taken for it, even where both persist', () => {
  const walk = (seed: number) => {
    let at = 0
    return noise(seed, 600).map((value) => (at = 0.98 * at + value - 0.5))
  }
  const wrong = Array.from({ length: 60 }, (_, index) =>
    correlate(walk(2 * index + 1), walk(2 * index + 2), 0),
  )
  expect(wrong.filter((found) => found!.significant).length).toBeLessThan(60 * 0.15)
})

test('gaps count for nothing; too few pairs, and what never changes, tell nothing', () => {
  const a = noise(5, 200)
  const gaps = a.map((value, index) => (index % 4 === 0 ? Number.NaN : value))
  expect(correlate(a, gaps, 0)).toMatchObject({ pairs: 150, significant: true })
  expect(correlate(a.slice(0, 20), a.slice(0, 20), 0)).toBeNull()
  expect(correlate(a, new Float64Array(200).fill(4), 2)).toBeNull()
})

test('a curve that turns has its knee there, a straight or a flat one has none', () => {
  const x = Float64Array.from({ length: 1000 }, (_, index) => index / 10)
  const turning = x.map((value) => (value < 70 ? 10 : 10 + (value - 70) * 5))
  expect(kneeOf(x, turning)!).toBeGreaterThan(62)
  expect(kneeOf(x, turning)!).toBeLessThan(78)
  expect(
    kneeOf(
      x,
      x.map((value) => 10 + value),
    ),
  ).toBeNull()
  expect(
    kneeOf(
      x,
      x.map((value) => 10 + value / 100),
    ),
  ).toBeNull()
  expect(kneeOf(x.slice(0, 50), turning.slice(0, 50))).toBeNull()
})
