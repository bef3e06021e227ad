import { expect, test } from 'vitest'
import { eject, isEjected, isOutlier, mayEject, newOutlier, observeFailures, pardon } from './outlier.ts'

test('three connect failures in a row make an outlier', () => {
  expect(isOutlier(newOutlier(0), 2)).toBe(false)
  expect(isOutlier(newOutlier(0), 3)).toBe(true)
})

test('failures that a decision has counted do not count again', () => {
  const ejected = eject(newOutlier(0), 3, 1000)
  expect(isOutlier(ejected, 5)).toBe(false)
  expect(isOutlier(ejected, 6)).toBe(true)
})

test('a success starts the count anew', () => {
  const ejected = eject(newOutlier(0), 3, 1000)
  expect(isOutlier(observeFailures(ejected, 0), 3)).toBe(true)
  expect(observeFailures(ejected, 4)).toBe(ejected)
})

test('each ejection is longer, up to five minutes, until it has been well for as long', () => {
  let outlier = newOutlier(0)
  let now = 1_000_000
  const lengths: number[] = []
  for (let times = 0; times < 32; times++) {
    outlier = eject(outlier, 0, now)
    lengths.push(outlier.untilAt - now)
    now = outlier.untilAt + 1000
  }
  expect(lengths.slice(0, 3)).toEqual([10_000, 20_000, 30_000])
  expect(lengths.at(-1)).toBe(300_000)
  expect(eject(outlier, 0, outlier.untilAt + 300_000).times).toBe(1)
})

test('an ejection ends by itself or by a passed probe', () => {
  const ejected = eject(newOutlier(0), 3, 1000)
  expect(isEjected(ejected, 10_999)).toBe(true)
  expect(isEjected(ejected, 11_000)).toBe(false)
  const pardoned = pardon(ejected, 4, 2000)
  expect(isEjected(pardoned, 2000)).toBe(false)
  expect(isOutlier(pardoned, 6)).toBe(false)
})

test.each([
  [0, 1, false],
  [0, 2, true],
  [1, 2, false],
  [0, 3, true],
  [1, 3, false],
  [1, 4, true],
  [4, 10, true],
  [5, 10, false],
])('with %i of %i ejected, one more: %s', (ejected, healthy, may) => {
  expect(mayEject(ejected, healthy)).toBe(may)
})
