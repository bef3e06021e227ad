import { expect, test } from 'vitest'
import { OUTLIER, type OutlierSpec } from '../core/outlier.ts'
import {
  eject,
  failingMembers,
  isEjected,
  isOutlier,
  mayEject,
  newOutlier,
  type Outlier,
  observe,
  pardon,
} from './outlier.ts'

const rows = (connectFailures: number, errors = 0) => ({ connectFailures, errors })
const ERRORS: OutlierSpec = { ...OUTLIER, errors: 5 }
const at = (now: number, chance = 0) => ({ now, chance })

test('three connect failures in a row make an outlier', () => {
  expect(isOutlier(newOutlier(rows(0)), rows(2), OUTLIER)).toBe(false)
  expect(isOutlier(newOutlier(rows(0)), rows(3), OUTLIER)).toBe(true)
})

test('bad answers in a row make one only where the pool says so', () => {
  expect(isOutlier(newOutlier(rows(0)), rows(0, 9), OUTLIER)).toBe(false)
  expect(isOutlier(newOutlier(rows(0)), rows(0, 4), ERRORS)).toBe(false)
  expect(isOutlier(newOutlier(rows(0)), rows(0, 5), ERRORS)).toBe(true)
})

test('failures that a decision has counted do not count again', () => {
  const ejected = eject(newOutlier(rows(0)), rows(3, 5), ERRORS, at(1000))
  expect(isOutlier(ejected, rows(5, 9), ERRORS)).toBe(false)
  expect(isOutlier(ejected, rows(6, 5), ERRORS)).toBe(true)
  expect(isOutlier(ejected, rows(3, 10), ERRORS)).toBe(true)
})

test('a success starts the count anew', () => {
  const ejected = eject(newOutlier(rows(0)), rows(3), OUTLIER, at(1000))
  expect(isOutlier(observe(ejected, rows(0)), rows(3), OUTLIER)).toBe(true)
  expect(observe(ejected, rows(4))).toBe(ejected)
})

test('each ejection is twice as long, up to a limit, until it has been well for as long', () => {
  let outlier: Outlier = newOutlier(rows(0))
  let now = 1_000_000
  const lengths: number[] = []
  for (let times = 0; times < 40; times++) {
    outlier = eject(outlier, rows(0), OUTLIER, at(now))
    lengths.push(outlier.untilAt - now)
    now = outlier.untilAt + 1000
  }
  expect(lengths.slice(0, 4)).toEqual([10_000, 20_000, 40_000, 80_000])
  expect(lengths.at(-1)).toBe(300_000)
  expect(eject(outlier, rows(0), OUTLIER, at(outlier.untilAt + 300_000)).times).toBe(1)
})

test('chance adds at most a tenth', () => {
  expect(eject(newOutlier(rows(0)), rows(3), OUTLIER, at(0, 1)).untilAt).toBe(11_000)
})

test('an ejection ends by itself or by a passed probe', () => {
  const ejected = eject(newOutlier(rows(0)), rows(3), OUTLIER, at(1000))
  expect(isEjected(ejected, 10_999)).toBe(true)
  expect(isEjected(ejected, 11_000)).toBe(false)
  const pardoned = pardon(ejected, rows(4), 2000)
  expect(isEjected(pardoned, 2000)).toBe(false)
  expect(isOutlier(pardoned, rows(6), OUTLIER)).toBe(false)
})

test('a passed probe says nothing of answers: who was ejected for them waits', () => {
  const ejected = eject(newOutlier(rows(0)), rows(0, 5), ERRORS, at(1000))
  expect(pardon(ejected, rows(0, 5), 2000)).toBe(ejected)
  expect(isEjected(pardon(ejected, rows(0, 5), 11_000), 11_000)).toBe(false)
})

test.each([
  [0, 1, 0.5, false],
  [0, 2, 0.5, true],
  [1, 2, 0.5, false],
  [0, 3, 0.1, true],
  [1, 3, 0.5, false],
  [1, 4, 0.5, true],
  [4, 10, 0.5, true],
  [5, 10, 0.5, false],
  [9, 10, 1, false],
  [8, 10, 1, true],
])('with %i of %i ejected and a share of %f, one more: %s', (ejected, healthy, share, may) => {
  expect(mayEject(ejected, healthy, share)).toBe(may)
})

test('a member that fails far more often than the others is found, and noise is not', () => {
  const well = { good: 990, bad: 10 }
  expect(failingMembers([well, well, { good: 500, bad: 500 }, well, well, well])).toEqual([2])
  expect(failingMembers([well, well, well, well, well])).toEqual([])
  expect(failingMembers([well, { good: 50, bad: 49 }, well, well, well])).toEqual([])
  expect(failingMembers([well, { good: 0, bad: 1000 }, well])).toEqual([])
})
