import { expect, test } from 'vitest'
import { erlangC, inServer, waitTail } from './erlang.ts'

test('one slot is M/M/1: who finds it busy waits', () => {
  expect(erlangC(1, 0.3)).toBeCloseTo(0.3, 12)
  expect(inServer({ slots: 1 }, 0.5)).toBeCloseTo(1, 12)
})

test('agrees with published tables of Erlang C', () => {
  // Two agents at 1.5 erlangs: 9/14; ten at 8: 0.409.
  expect(erlangC(2, 0.75)).toBeCloseTo(9 / 14, 12)
  expect(erlangC(10, 0.8)).toBeCloseTo(0.4092, 4)
})

test('8 slots at 80 % of 80 requests/s let about 1 % wait more than 250 ms', () => {
  expect(waitTail({ slots: 8, capacity: 80 }, 0.8, 0.25)).toBeCloseTo(0.0084, 4)
})

test('hundreds of slots do not overflow', () => {
  expect(erlangC(500, 0.99)).toBeGreaterThan(0.5)
  expect(erlangC(500, 0.5)).toBeGreaterThanOrEqual(0)
})
