import { expect, test } from 'vitest'
import type { Loss } from '../server-side.ts'
import { type Attempt, retryOf, statusOf } from './retry.ts'

const LOSSES: readonly Loss[] = [
  'too-many-pending',
  'connect-failed',
  'connect-timeout',
  'refused',
  'reset',
  'truncated',
  'bad-response',
  'timeout',
]

function attempt(over: Partial<Attempt>): Attempt {
  return {
    loss: 'reset',
    isPinned: false,
    isSafe: true,
    bodyBegun: false,
    answerBegun: false,
    retried: 0,
    retries: 2,
    hasTryLimit: false,
    ...over,
  }
}

test('what was never written may always be tried again, outside the budget', () => {
  expect(retryOf(attempt({ loss: 'connect-failed', isSafe: false, retried: 9 }))).toBe('free')
  expect(retryOf(attempt({ loss: 'connect-timeout', isSafe: false }))).toBe('free')
  expect(retryOf(attempt({ loss: 'refused', isSafe: false }))).toBe('free')
})

test('where too many wait, nobody is sent on but who had no choice', () => {
  expect(retryOf(attempt({ loss: 'too-many-pending' }))).toBe('no')
  expect(retryOf(attempt({ loss: 'too-many-pending', isPinned: true, isSafe: false }))).toBe('free')
})

test('a reset request is tried again only if it is safe, and within the budget', () => {
  expect(retryOf(attempt({ loss: 'reset' }))).toBe('budget')
  expect(retryOf(attempt({ loss: 'reset', isSafe: false }))).toBe('no')
})

test('attempts that cost something end at the pool’s number of retries', () => {
  expect(retryOf(attempt({ loss: 'reset', retried: 2 }))).toBe('no')
  expect(retryOf(attempt({ loss: 'connect-timeout', retried: 2 }))).toBe('no')
  expect(retryOf(attempt({ loss: 'refused', retried: 2 }))).toBe('no')
})

test('a server that has worked on a request is not doubled by another one', () => {
  for (const loss of ['timeout', 'bad-response', 'truncated'] as const) {
    expect(retryOf(attempt({ loss }))).toBe('no')
  }
})

test('nothing is tried again once the client has heard something or the body is gone', () => {
  for (const loss of LOSSES) {
    expect(retryOf(attempt({ loss, answerBegun: true }))).toBe('no')
    expect(retryOf(attempt({ loss, bodyBegun: true }))).toBe('no')
  }
})

test('each loss has its status', () => {
  expect(LOSSES.map(statusOf)).toEqual([503, 503, 504, 503, 502, 502, 502, 504])
})

test('a slow attempt is given up only where attempts have a limit of their own', () => {
  expect(retryOf(attempt({ loss: 'timeout' }))).toBe('no')
  expect(retryOf(attempt({ loss: 'timeout', hasTryLimit: true }))).toBe('budget')
  expect(retryOf(attempt({ loss: 'timeout', hasTryLimit: true, isSafe: false }))).toBe('no')
  expect(retryOf(attempt({ loss: 'timeout', hasTryLimit: true, retried: 2 }))).toBe('no')
})
