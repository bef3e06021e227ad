import { expect, test } from 'vitest'
import { TimerWheel } from '../../worker/timer-wheel.ts'
import { Concurrency } from './concurrency.ts'
import type { Transaction } from './filter.ts'

test('a long queue of requests that all fail at once is worked off without going deeper and deeper', () => {
  const queue = 50_000
  const wheel = new TimerWheel(0)
  const filter = new Concurrency({ requests: 1, queue, waitMs: 1_000 }, 1, wheel)
  let ended = 0
  const failing = () => {
    const transaction = {
      proceed() {
        ended++
        filter.end(transaction)
      },
    } as Transaction
    return transaction
  }
  const first = failing()
  expect(filter.request(first)).toBe('next')
  for (let n = 0; n < queue; n++) filter.request(failing())
  filter.end(first)
  expect(ended).toBe(queue)
  expect(wheel.size).toBe(0)
  expect(filter.request(failing())).toBe('next')
})
