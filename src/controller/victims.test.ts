import { expect, test } from 'vitest'
import { listed } from '../../test/kit/measured.ts'
import { NOON } from '../../test/kit/scaling.ts'
import type { ServerView } from '../core/scaling.ts'
import { victims } from './victims.ts'

/** One that serves, an hour old, in zone a, at a price of 1. */
function aServer(id: string, over: Partial<ServerView> = {}): ServerView {
  return {
    ...listed(id, { launchedAt: NOON - 3_600_000, zone: 'a', price: 1 }),
    state: 'serving',
    members: {},
    inFlight: 0,
    connections: 0,
    drainingSince: null,
    ordered: null,
    ...over,
  }
}

const leaving = (count: number, ...servers: ServerView[]) =>
  victims(servers, count, ({ price = 0 }) => ({ price, grams: 0 })).map(({ id }) => id)

test('of one price those leave first that make most carbon', () => {
  const servers = [aServer('clean'), aServer('dirty', { type: 'big' }), aServer('dear', { price: 2 })]
  const grams = ({ price = 0, type }: ServerView) => ({ price, grams: type === 'big' ? 90 : 10 })
  expect(victims(servers, 3, grams).map(({ id }) => id)).toEqual(['dear', 'dirty', 'clean'])
})

test('whoever does not serve yet leaves before all others', () => {
  const two = [aServer('dear', { price: 9 }), aServer('young', { state: 'checking', zone: 'b' })]
  expect(leaving(1, ...two)).toEqual(['young'])
})

test('zones stay as full as each other, whatever their servers cost', () => {
  const a = ['a1', 'a2', 'a3'].map((id) => aServer(id))
  const b = ['b1', 'b2'].map((id) => aServer(id, { zone: 'b', price: 9 }))
  const left = leaving(3, ...a, ...b)
  expect(left.map((id) => id[0])).toEqual(['a', 'b', 'a'])
})

test('in a zone the dearest leaves first, then the one with the fewest connections, then the youngest', () => {
  const servers = [
    aServer('idle', { connections: 0 }),
    aServer('busy', { connections: 9 }),
    aServer('dear', { connections: 9, price: 2 }),
    aServer('young', { connections: 0, launchedAt: NOON }),
  ]
  expect(leaving(4, ...servers)).toEqual(['dear', 'young', 'idle', 'busy'])
})

test('those that do not count leave no more', () => {
  expect(leaving(2, aServer('one'), aServer('gone', { state: 'draining' }))).toEqual(['one'])
})
