import { expect, test } from 'vitest'
import { aFleet, aTarget } from '../../test/kit/scaling.ts'
import { gapLimitMs, lookBackMs, unbrokenFrom } from './past.ts'
import { targetPolicy } from './policies/target.ts'

test('the gap limit follows the median interval, whatever a few outliers do', () => {
  expect(gapLimitMs([0, 10_000, 20_000, 90_000, 100_000])).toBe(25_000)
})

test('with too few samples, or closer ones than ticks, the limit is that of a second', () => {
  expect(gapLimitMs([])).toBe(2_500)
  expect(gapLimitMs([0, 360_000])).toBe(2_500)
  expect(gapLimitMs([0, 10, 20, 30, 40])).toBe(2_500)
})

test('finds where the unbroken run begins', () => {
  expect(unbrokenFrom([0, 1, 5, 6], 7, 2)).toBe(2)
  expect(unbrokenFrom([0, 1, 2], 3, 2)).toBe(0)
  expect(unbrokenFrom([0, 1, 2], 9, 2)).toBe(3)
  expect(unbrokenFrom([], 9, 2)).toBe(0)
})

test('the past reaches further back than the longest window', () => {
  const policies = [
    targetPolicy(aTarget('rps', 100)),
    { ...targetPolicy(aTarget('cpu', 1)), lookBackMs: 900_000 },
  ]
  expect(lookBackMs(policies, aFleet({ guards: { inPatienceMs: 300_000 } }).guards)).toBeGreaterThan(900_000)
  expect(lookBackMs([], aFleet({ guards: { inPatienceMs: 300_000 } }).guards)).toBeGreaterThan(300_000)
})
