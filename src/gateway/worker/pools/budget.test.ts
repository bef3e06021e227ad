import { expect, test } from 'vitest'
import { RETRIES, RetryBudget } from './budget.ts'

function takeAll(budget: RetryBudget, nowMs: number): number {
  let taken = 0
  while (taken < 10_000 && budget.take(nowMs)) taken++
  return taken
}

test('allows fifty retries when there is hardly any traffic', () => {
  const budget = new RetryBudget(RETRIES)
  budget.arrive(1000)
  expect(takeAll(budget, 1000)).toBe(50)
})

test('allows a fifth of the last ten seconds of requests', () => {
  const budget = new RetryBudget(RETRIES)
  for (let second = 0; second < 10; second++) {
    for (let n = 0; n < 100; n++) budget.arrive(second * 1000)
  }
  expect(takeAll(budget, 9999)).toBe(200)
})

test('requests and retries are forgotten after ten seconds', () => {
  const budget = new RetryBudget(RETRIES)
  for (let n = 0; n < 1000; n++) budget.arrive(0)
  expect(takeAll(budget, 500)).toBe(200)
  expect(takeAll(budget, 9_999)).toBe(0)
  expect(takeAll(budget, 10_000)).toBe(50)
  expect(takeAll(budget, 10_000_000)).toBe(50)
})
