import { expect, test } from 'vitest'
import { aServer, NOON } from '../../test/kit/scaling.ts'
import type { IntentRecord } from '../core/step.ts'
import { nextStarts, startupIn, startupOf } from './startup.ts'

const LIMIT = 300_000

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

test('a start is from the launch until the server was seen to serve, and outlives the server', () => {
  const servers = ['a', 'b', 'c'].map((id) => aServer(id, { launchedAt: NOON }))
  const intents = [joined('a', NOON + 20_000), joined('b', NOON + 45_000), joined('gone', NOON + 99_000)]
  const starts = nextStarts([], { servers, intents, limitMs: LIMIT })
  expect(starts).toEqual([
    { server: 'a', at: NOON + 20_000, tookMs: 20_000 },
    { server: 'b', at: NOON + 45_000, tookMs: 45_000 },
  ])
  expect(nextStarts(starts, { servers: [], intents: [], limitMs: LIMIT })).toEqual(starts)
  expect(startupOf(starts, LIMIT)).toBe(45_000)
  expect(startupIn(starts)).toEqual({ medianMs: 20_000, p95Ms: 45_000, count: 2 })
})

test('the limit counts while no start is known, and a start beyond it was none', () => {
  expect(startupOf([], LIMIT)).toBe(LIMIT)
  expect(startupIn([])).toBeNull()
  const servers = [aServer('a', { launchedAt: NOON - 9_000_000 })]
  expect(nextStarts([], { servers, intents: [joined('a', NOON)], limitMs: LIMIT })).toEqual([])
})

test('of many the newest fifty are kept, and the newest twenty tell how long the next one takes', () => {
  const servers = Array.from({ length: 70 }, (_, index) =>
    aServer(`s${index}`, { launchedAt: NOON + index * 1_000_000 }),
  )
  const intents = servers.map(({ id, launchedAt }, index) =>
    joined(id, launchedAt + (index < 50 ? 200_000 : 10_000)),
  )
  const starts = nextStarts([], { servers, intents, limitMs: LIMIT })
  expect(starts).toHaveLength(50)
  expect(startupOf(starts, LIMIT)).toBe(10_000)
  expect(startupIn(starts)).toEqual({ medianMs: 200_000, p95Ms: 200_000, count: 50 })
})
