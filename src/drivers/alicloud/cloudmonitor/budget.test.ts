import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callsARound, MONTH_MS, overBudget, pacedEvery, runsOutAfter } from './budget.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

test('a call asks for fifty servers, and a balancer needs one of its own', () => {
  expect(callsARound([{ servers: null }])).toBe(1)
  expect(callsARound([{ servers: 1 }, { servers: 50 }, { servers: 51 }, { servers: 0 }])).toBe(4)
})

test('calls that last the month are made as often as they are to be', () => {
  // 20 calls a minute are 892,800 a month.
  expect(pacedEvery(MINUTE, 20, 900_000)).toBe(MINUTE)
  expect(runsOutAfter(MINUTE, 20, 900_000)).toBeNull()
})

test('calls that would not last are made less often', () => {
  // 40 calls each 15 s would be 7 million.
  expect(runsOutAfter(15_000, 40, 1_000_000)).toBeCloseTo(4.34 * DAY, -7)
  expect(pacedEvery(15_000, 40, 1_000_000)).toBe(108_000)
})

test('says when calls would be used up, and what is done instead', () => {
  expect(overBudget(MINUTE, 20, 900_000)).toBeNull()
  expect(overBudget(15_000, 40, 1_000_000)).toBe(
    '7142400 calls a month would be used up after 4d8h of it, for there are 1000000: each metric is asked every 1m48s instead of every 15s',
  )
})

test('whatever is asked, a month has enough calls and no call is put off without need', () => {
  const calls = fc.integer({ min: 0, max: 100_000 })
  const every = fc.integer({ min: 10_000, max: 3_600_000 })
  const month = fc.integer({ min: 1_000, max: 10_000_000 })
  fc.assert(
    fc.property(every, calls, month, (everyMs, count, callsAMonth) => {
      const paced = pacedEvery(everyMs, count, callsAMonth)
      expect((MONTH_MS / paced) * count).toBeLessThanOrEqual(callsAMonth * (1 + 1e-9))
      if (runsOutAfter(everyMs, count, callsAMonth) === null) expect(paced).toBe(everyMs)
      else expect(paced).toBeGreaterThan(everyMs)
      expect(runsOutAfter(paced, count, callsAMonth)).toBeNull()
    }),
  )
})
