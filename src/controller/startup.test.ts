import { expect, test } from 'vitest'
import { aServer, NOON } from '../../test/kit/scaling.ts'
import type { IntentRecord } from '../core/step.ts'
import { startupOf } from './startup.ts'

function joined(id: string, at: number): IntentRecord {
  const closed = { at, outcome: 'landed', detail: '' } as const
  return {
    token: `t.${at}`,
    fleet: 'api',
    step: { kind: 'confirm', ids: [id] },
    at,
    have: 1,
    want: 1,
    by: 'none',
    closed,
  }
}

test('the longest start of those that are there counts', () => {
  const servers = ['a', 'b', 'c'].map((id) => aServer(id, { launchedAt: NOON }))
  const intents = [joined('a', NOON + 20_000), joined('b', NOON + 45_000), joined('gone', NOON + 99_000)]
  expect(startupOf(servers, intents, 300_000)).toBe(45_000)
})

test('the limit counts while no start is known, and a start beyond it was none', () => {
  expect(startupOf([aServer('a')], [], 300_000)).toBe(300_000)
  const adopted = aServer('a', { launchedAt: NOON - 9_000_000 })
  expect(startupOf([adopted], [joined('a', NOON)], 300_000)).toBe(300_000)
})

test('of many the newest twenty count, so that a slow one of long ago is forgotten', () => {
  const servers = Array.from({ length: 21 }, (_, index) =>
    aServer(`s${index}`, { launchedAt: NOON + index * 1_000_000 }),
  )
  const intents = servers.map(({ id, launchedAt }, index) =>
    joined(id, launchedAt + (index === 0 ? 200_000 : 10_000)),
  )
  expect(startupOf(servers, intents, 300_000)).toBe(10_000)
})
