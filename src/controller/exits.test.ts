import { expect, test } from 'vitest'
import type { ServerView } from '../core/scaling.ts'
import { countExits } from './exits.ts'

const failed = (id: string, code: number | null, more: Partial<ServerView['ending']> = {}): ServerView => ({
  id,
  token: 't',
  address: null,
  revision: 'r',
  launchedAt: 0,
  phase: 'failed',
  state: 'failed',
  members: {},
  inFlight: 0,
  connections: 0,
  drainingSince: null,
  ordered: null,
  ending: { code, signal: null, outOfMemory: false, ...more },
})

test('each server counts once, by how it ended', () => {
  const first = [failed('a', 3), failed('b', null, { signal: 'SIGKILL', outOfMemory: true })]
  const counts = countExits([], first, [])
  expect(counts).toEqual([
    { reason: 'code-3', count: 1 },
    { reason: 'out-of-memory', count: 1 },
  ])
  const { ending: _ending, ...unknown } = failed('d', 0)
  const next = [...first, failed('c', 3), unknown, failed('e', null, { signal: 'SIGSEGV' })]
  expect(countExits(counts, next, first)).toEqual([
    { reason: 'code-3', count: 2 },
    { reason: 'out-of-memory', count: 1 },
    { reason: 'unknown', count: 1 },
    { reason: 'SIGSEGV', count: 1 },
  ])
})

test('a server that fails to serve in time has not ended', () => {
  expect(countExits([], [{ ...failed('a', 0), phase: 'running' }], [])).toEqual([])
})

test('a hundred exit codes make no hundred series', () => {
  const servers = Array.from({ length: 100 }, (_, code) => failed(`s${code}`, code))
  const counts = countExits([], servers, [])
  expect(counts).toHaveLength(40)
  expect(counts.at(-1)).toEqual({ reason: 'other', count: 61 })
})
