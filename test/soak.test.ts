import { expect, test } from 'vitest'
import { slopeOf } from '../scripts/soak/slope.ts'

test('the slope of a straight line is exact, that of a noisy one has an interval around it', () => {
  expect(slopeOf([0, 1, 2, 3].map((x) => [x, 5 + 2 * x]))).toEqual({ slope: 2, plusMinus: 0 })
  const noisy = slopeOf(Array.from({ length: 100 }, (_, x) => [x, 2 * x + (x % 2 === 0 ? 10 : -10)]))!
  expect(Math.abs(noisy.slope - 2)).toBeLessThan(noisy.plusMinus)
  // Residuals of 10 over x with a variance of 833: 1.96 * 10 / sqrt(98 / 100 * 83325).
  expect(noisy.plusMinus).toBeCloseTo(0.0686, 3)
})

test('two points have no interval', () => {
  expect(
    slopeOf([
      [0, 1],
      [1, 2],
    ]),
  ).toBeNull()
})
