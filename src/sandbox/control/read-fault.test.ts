import { expect, test } from 'vitest'
import { readFault } from './read-fault.ts'

test('a fault is read with its time, its share and what it meets', () => {
  const raw = { kind: 'forbidden', code: 'Account.Arrearage', operation: 'ecs RunInstances', forMs: 1_000 }
  expect(readFault(raw, 'f', 5)).toEqual({
    id: 'f',
    fault: { kind: 'forbidden', code: 'Account.Arrearage' },
    share: 1,
    untilAt: 1_005,
    operation: 'ecs RunInstances',
  })
})

test.each([
  [{ kind: 'none' }, /^kind: expected one of latency, /],
  [{ kind: 'forbidden', code: 'Other' }, /^code: expected one of Forbidden\.RAM, Account\.Arrearage, /],
  [{ kind: 'throttled', code: 'Forbidden.RAM' }, /^code: throttled has no such field$/],
  [{ kind: 'zone-down', share: 0.5 }, /^share: a zone is down as a whole$/],
  [{ kind: 'no-stock', operation: 'ecs RunInstances' }, /^operation: no-stock has no such field$/],
  [{ kind: 'latency' }, /^ms: expected a number$/],
])('of %o it says what is wrong', (raw, message) => {
  expect(() => readFault(raw, 'f', 0)).toThrow(message)
})
