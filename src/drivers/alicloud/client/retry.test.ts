import { expect, test } from 'vitest'
import type { CloudFaultKind } from './cloud-fault.ts'
import { isRead, MAX_ATTEMPTS, retryDelay } from './retry.ts'

function delay(
  kind: CloudFaultKind,
  over: { attempt?: number; repeatable?: boolean; rng?: number; retryAfterMs?: number | null } = {},
) {
  const { attempt = 1, repeatable = true, rng = 0.5, retryAfterMs = null } = over
  const fault = { kind, code: 'c', message: 'm', requestId: null, status: 500, retryAfterMs }
  return retryDelay(fault, { attempt, repeatable, rng: () => rng })
}

test.each<[CloudFaultKind, boolean, boolean]>([
  ['throttled', true, true],
  ['unsent', true, true],
  ['busy', true, false],
  ['lost', true, false],
  ['unread', false, false],
  ['refused', false, false],
])('%s: a read or a write with a token is repeated: %s; another write: %s', (kind, safe, unsafe) => {
  expect(delay(kind) !== null).toBe(safe)
  expect(delay(kind, { repeatable: false }) !== null).toBe(unsafe)
})

test('gives up after the last attempt', () => {
  expect(delay('lost', { attempt: MAX_ATTEMPTS - 1 })).not.toBeNull()
  expect(delay('lost', { attempt: MAX_ATTEMPTS })).toBeNull()
})

test('draws from zero to a bound that doubles', () => {
  expect(delay('lost', { rng: 0 })).toBe(0)
  expect(delay('lost', { attempt: 1 })).toBe(500)
  expect(delay('lost', { attempt: 3 })).toBe(2_000)
})

test('waits at least as long as the cloud asks', () => {
  expect(delay('throttled', { retryAfterMs: 30_000 })).toBe(30_000)
})

test('knows reads by their names', () => {
  const actions = [
    'DescribeInstances',
    'ListAsynJobs',
    'GetJobStatus',
    'RunInstances',
    'Describer',
    'StopInstances',
  ]
  expect(actions.filter(isRead)).toEqual(['DescribeInstances', 'ListAsynJobs', 'GetJobStatus'])
})
