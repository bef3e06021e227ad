import { expect, test } from 'vitest'
import { Starts } from './starts.ts'

test('learns how long servers take, by those that came to serve', () => {
  const starts = new Starts()
  starts.look(2, 2, 0)
  expect(starts.longestMs(60_000)).toBe(60_000)
  starts.decide(4, 0)
  starts.look(2, 4, 15_000)
  starts.decide(5, 15_000)
  starts.look(4, 5, 30_000)
  expect(starts.longestMs(60_000)).toBe(30_000)
  starts.decide(4, 30_000)
  starts.look(4, 4, 60_000)
  expect(starts.longestMs(60_000)).toBe(30_000)
  starts.decide(5, 60_000)
  starts.look(5, 5, 105_000)
  expect(starts.longestMs(60_000)).toBe(45_000)
})
