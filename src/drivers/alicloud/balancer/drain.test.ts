import { expect, test } from 'vitest'
import { drainSeconds } from './drain.ts'

test.each([
  ['as long as the fleets do', { drainMs: 60_000 }, 60],
  ['no less than the cloud can', { drainMs: 1500 }, 10],
  ['no more than the cloud can', { drainMs: 3_600_000 }, 900],
  ['five minutes where nobody says', {}, 300],
])('drains %s', (_, pool, seconds) => {
  expect(drainSeconds(pool, 10)).toBe(seconds)
})
