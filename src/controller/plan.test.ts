import { expect, test } from 'vitest'
import { aLaunch, aMember, listed, measured, serving, wanting } from '../../test/kit/measured.ts'
import { aFleet, NOON } from '../../test/kit/scaling.ts'
import { plan } from './plan.ts'
import { EMPTY_MEMORY } from './state.ts'
import { verify } from './verify.ts'
import type { FleetView } from './view.ts'

const steps = (view: FleetView, want: number) => plan(wanting(view, want), view).map(({ step }) => step)
const anAdmission = (id: string, at: number) => {
  const members = [{ id, address: listed(id).address!, weight: 100 }]
  const closed = { at, outcome: 'landed', detail: '' } as const
  return { ...aLaunch(1), step: { kind: 'put', why: 'admit', pool: 'api', members } as const, at, closed }
}
const draining = (id: string, since: number) => ({
  memory: { ...EMPTY_MEMORY, confirmed: ['a1', 'a2'], draining: { [id]: since } },
})

test('a fleet that is as it should be needs nothing', () => {
  expect(steps(serving(['a1', 'a2']), 2)).toEqual([])
})

test('launches what is missing, in one step, and never while a launch is open', () => {
  expect(steps(serving(['a1']), 4)).toMatchObject([{ kind: 'launch', request: { count: 3 } }])
  const open = { intents: [aLaunch(3)], flying: new Map([['test.api.1', NOON]]) }
  expect(steps(serving(['a1'], open), 4)).toEqual([])
})

test('one launch after another: the one that is seen to have landed is closed first', () => {
  const open = { intents: [aLaunch(1)], listed: [listed('a1')] }
  expect(serving(['a1'], open).verdicts).toMatchObject([{ state: 'landed' }])
  expect(steps(serving(['a1'], open), 4)).toEqual([])
})

test('launches at most 50 at once', () => {
  expect(steps(serving(['a1'], { fleet: aFleet({ max: 1000 }) }), 400)).toMatchObject([
    { request: { count: 50 } },
  ])
})

test('begins nothing while the journal does not have the end of the last tick', () => {
  expect(steps(serving(['a1'], { isBehind: true }), 4)).toEqual([])
})

test('does nothing at all while it is blind', () => {
  expect(steps(serving(['a1'], { blind: ['servers: no list'] }), 4)).toEqual([])
})

test('drains the server with the fewest connections, the youngest among equals', () => {
  const members = { api: [aMember('a1', { connections: 5 }), aMember('a2', { connections: 2 })] }
  expect(steps(serving(['a1', 'a2'], { members }), 1)).toMatchObject([
    { kind: 'put', why: 'drain', members: [{ id: 'a2', weight: 0 }] },
  ])
  const young = [listed('a1', { launchedAt: NOON - 1_000 }), listed('a2')]
  expect(steps(serving(['a1', 'a2'], { listed: young }), 1)).toMatchObject([{ members: [{ id: 'a1' }] }])
})

test('lets a server go that does not serve yet before one that does', () => {
  const fresh = listed('a3', { launchedAt: NOON - 1_000, phase: 'launching', address: null })
  const view = serving(['a1', 'a2'], { listed: [listed('a1'), listed('a2'), fresh] })
  expect(steps(view, 2)).toEqual([{ kind: 'retire', ids: ['a3'] }])
})

test('drops a draining server when it is quiet or its time is over, and retires it when no pool has it', () => {
  const busy = { members: { api: [aMember('a1'), aMember('a2', { weight: 0, inFlight: 3 })] } }
  const quiet = { members: { api: [aMember('a1'), aMember('a2', { weight: 0 })] } }
  const drop = [{ kind: 'drop', pool: 'api', ids: ['a2'] }]
  expect(steps(serving(['a1', 'a2'], { ...draining('a2', NOON - 1_000), ...busy }), 1)).toEqual([])
  expect(steps(serving(['a1', 'a2'], { ...draining('a2', NOON - 1_000), ...quiet }), 1)).toEqual(drop)
  expect(steps(serving(['a1', 'a2'], { ...draining('a2', NOON - 30_000), ...busy }), 1)).toEqual(drop)
  const forever = { ...draining('a2', NOON - 3_000_000), ...busy, fleet: aFleet({ drainMs: null }) }
  expect(steps(serving(['a1', 'a2'], forever), 1)).toEqual([])
  const out = { ...draining('a2', NOON - 1_000), members: { api: [aMember('a1')] } }
  expect(steps(serving(['a1', 'a2'], out), 1)).toEqual([{ kind: 'retire', ids: ['a2'] }])
})

test('a drain that did not reach its pool is asked for again before anything is dropped', () => {
  expect(steps(serving(['a1', 'a2'], draining('a2', NOON - 1_000)), 1)).toMatchObject([
    { kind: 'put', why: 'drain', members: [{ id: 'a2', weight: 0 }] },
  ])
})

test('admits a server that runs, and confirms one that has come to serve', () => {
  const over = { listed: [listed('a1', { launchedAt: NOON - 1_000 })], memory: EMPTY_MEMORY }
  expect(steps(serving(['a1'], { ...over, members: { api: [] } }), 1)).toMatchObject([
    { kind: 'put', why: 'admit', members: [{ id: 'a1', weight: 100 }] },
  ])
  expect(steps(serving(['a1'], over), 1)).toEqual([{ kind: 'confirm', ids: ['a1'] }])
})

test('takes a failed server out and away, and launches another in its place', () => {
  const dead = [listed('a1'), listed('a2', { phase: 'failed', detail: 'exit code 1' })]
  expect(steps(serving(['a1', 'a2'], { listed: dead }), 2)).toMatchObject([
    { kind: 'launch', request: { count: 1 } },
    { kind: 'drop', pool: 'api', ids: ['a2'] },
  ])
})

test('no launch while the last ones came to nothing', () => {
  const backoff = { failures: 2, untilAt: NOON + 1_000, why: 'exit code 1' }
  const view = verify(measured({ memory: { ...EMPTY_MEMORY, backoff } }))
  expect(steps(view, 2)).toEqual([])
  const over = verify(measured({ memory: { ...EMPTY_MEMORY, backoff: { ...backoff, untilAt: NOON } } }))
  expect(steps(over, 2)).toMatchObject([{ kind: 'launch' }])
})

test('a server that is late in one pool drains in the other before it leaves', () => {
  const late = (inFlight: number) => {
    const members = { api: [aMember('a1', { inFlight })], admin: [] }
    const fleet = aFleet({ pools: ['api', 'admin'] })
    const intents = [anAdmission('a1', NOON - 120_000)]
    return verify(measured({ fleet, listed: [listed('a1')], members, intents }))
  }
  expect(late(3).servers).toMatchObject([{ state: 'failed' }])
  expect(steps(late(3), 0)).toMatchObject([{ kind: 'put', why: 'drain', members: [{ id: 'a1', weight: 0 }] }])
  expect(steps(late(0), 0)).toMatchObject([{ kind: 'drop', pool: 'api', ids: ['a1'] }])
})

test('a step that failed is not tried again at once', () => {
  const step = { kind: 'retire', ids: ['a2'] } as const
  const closed = { at: NOON - 1_000, outcome: 'failed', detail: 'busy' } as const
  const failed = { ...aLaunch(1), step, closed }
  const out = { ...draining('a2', NOON - 9_000), members: { api: [aMember('a1')] } }
  expect(steps(serving(['a1', 'a2'], { ...out, intents: [failed] }), 1)).toEqual([])
  const long = { ...failed, closed: { ...closed, at: NOON - 5_000 } }
  expect(steps(serving(['a1', 'a2'], { ...out, intents: [long] }), 1)).toEqual([step])
})

test('a retirement that fails again and again is tried ever more slowly, up to a minute', () => {
  const step = { kind: 'retire', ids: ['a2'] } as const
  const out = { ...draining('a2', NOON - 9_000), members: { api: [aMember('a1')] } }
  const after = (times: number, agoMs: number) => {
    const closed = { at: NOON - agoMs, outcome: 'failed', detail: 'busy' } as const
    const intents = Array.from({ length: times }, () => ({ ...aLaunch(1), step, closed }))
    return steps(serving(['a1', 'a2'], { ...out, intents }), 1)
  }
  expect(after(2, 9_999)).toEqual([])
  expect(after(2, 10_000)).toEqual([step])
  expect(after(9, 59_999)).toEqual([])
  expect(after(9, 60_000)).toEqual([step])
})
