import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLanes, LaneReader } from './lanes.ts'
import { createRates, RateTable } from './rate-table.ts'

const KEY = { high: 1, low: 2 }
const TEN_A_SECOND = { intervalMs: 100, burst: 5 }

test('a pause gives the burst and the one that is due; then they come one by one', () => {
  const table = new RateTable(createRates([1, 2]), 0)
  const taken = (now: number) => table.take(KEY, TEN_A_SECOND, now).allowed
  expect(Array.from({ length: 8 }, () => taken(1000))).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ])
  expect(taken(1050)).toBe(false)
  expect(taken(1100)).toBe(true)
  expect(taken(1100)).toBe(false)
  expect(Array.from({ length: 7 }, () => taken(60_000)).filter(Boolean)).toHaveLength(6)
})

test('what is left and when it is more is told', () => {
  const table = new RateTable(createRates([1, 2]), 0)
  expect({ ...table.take(KEY, TEN_A_SECOND, 0) }).toEqual({
    allowed: true,
    remaining: 5,
    retryMs: 0,
    resetMs: 100,
  })
  for (let n = 0; n < 5; n++) table.take(KEY, TEN_A_SECOND, 0)
  expect({ ...table.take(KEY, TEN_A_SECOND, 0) }).toEqual({
    allowed: false,
    remaining: 0,
    retryMs: 100,
    resetMs: 600,
  })
})

test('over any time no more than the rate and the burst get through, and all that come slowly do', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), fc.nat(20), (gaps, burst) => {
      const table = new RateTable(createRates([1, 2]), 0)
      const limit = { intervalMs: 100, burst }
      let now = 5000
      const passed: number[] = []
      for (const gap of gaps) {
        now += gap
        const { allowed } = table.take(KEY, limit, now)
        if (allowed) passed.push(now)
        else expect(passed.length).toBeGreaterThan(burst)
      }
      for (let from = 0; from < passed.length; from++) {
        for (let to = from; to < passed.length; to++) {
          expect(to - from + 1).toBeLessThanOrEqual(burst + 1 + (passed[to]! - passed[from]!) / 100 + 1e-9)
        }
      }
    }),
  )
})

test('keys do not share, but workers do', () => {
  const shared = createRates([1, 2])
  const tables = [new RateTable(shared, 0), new RateTable(shared, 1)]
  const limit = { intervalMs: 1000, burst: 1 }
  expect(tables[0]!.take(KEY, limit, 0).allowed).toBe(true)
  expect(tables[1]!.take(KEY, limit, 0).allowed).toBe(true)
  expect(tables[0]!.take(KEY, limit, 0).allowed).toBe(false)
  expect(tables[1]!.take({ high: 1, low: 3 }, limit, 0).allowed).toBe(true)
})

test('more keys than there is room for take the places of those that are idle longest', () => {
  const table = new RateTable(createRates([1, 2]), 0)
  const limit = { intervalMs: 1000, burst: 0 }
  for (let low = 0; low < 8; low++) table.take({ high: 7, low }, limit, low)
  expect(table.take({ high: 7, low: 7 }, limit, 10).allowed).toBe(false)
  expect(table.take({ high: 7, low: 100 }, limit, 10).allowed).toBe(true)
  expect(table.take({ high: 7, low: 0 }, limit, 10).allowed).toBe(true)
  expect(table.take({ high: 7, low: 7 }, limit, 11).allowed).toBe(false)
})

test('a lock that a worker took to its grave is let go, and nobody else’s is', () => {
  const buffers = createLanes(2)
  const main = new LaneReader(buffers)
  const [table, ended] = [new RateTable(buffers.rates, 0), new RateTable(buffers.rates, 1)]
  const limit = { intervalMs: 1000, burst: 0 }
  // As if it were ended in the middle of its work.
  const ending = {
    intervalMs: 1000,
    get burst(): number {
      throw new Error('ended')
    },
  }
  expect(() => ended.take(KEY, ending, 0)).toThrow('ended')
  const passed = () => [0, 0, 0].map((now) => table.take(KEY, limit, now).allowed)
  expect(passed()).toEqual([true, true, true])
  main.retireLane(0)
  expect(passed()).toEqual([true, true, true])
  main.retireLane(1)
  expect(passed()).toEqual([true, false, false])
})
