import { expect, test } from 'vitest'
import { aLaunch, aMember, anIntent, listed, measured, serving } from '../../test/kit/measured.ts'
import { aFleet, NOON } from '../../test/kit/scaling.ts'
import type { Order } from '../core/order.ts'
import { EMPTY_MEMORY } from './state.ts'
import { verify } from './verify.ts'

const states = (view: ReturnType<typeof verify>) => view.servers.map(({ state }) => state)
const young = { launchedAt: NOON - 1_000 }

test('a server serves when every pool of its fleet has admitted it', () => {
  const fleet = aFleet({ pools: ['api', 'admin'] })
  const over = { fleet, listed: [listed('a1', young)], memory: EMPTY_MEMORY }
  const state = (admin: ReturnType<typeof aMember>[]) =>
    states(serving([], { ...over, members: { api: [aMember('a1')], admin } }))[0]
  expect(state([])).toBe('starting')
  expect(state([aMember('a1', { state: 'checking' })])).toBe('checking')
  expect(state([aMember('a1', { state: 'unhealthy' })])).toBe('serving')
})

test('an unlisted server of a fresh receipt counts, so that a list that lags launches nothing twice', () => {
  const receipt = (at: number) => ({
    token: 'test.api.1',
    at,
    ok: true as const,
    launched: { token: 'test.api.1', ids: ['a1', 'a2'] },
  })
  const have = (at: number) =>
    verify(
      measured({
        intents: [aLaunch(2)],
        receipts: new Map([['test.api.1', receipt(at)]]),
        listed: [listed('a1')],
      }),
    ).have
  expect(have(NOON - 9_000)).toBe(2)
  expect(have(NOON - 10_000)).toBe(1)
})

test('who was listed before the answer to a launch came, and was retired, is not counted as still to come', () => {
  const launched = { token: 'test.api.1', ids: ['a1', 'a2'] }
  const receipts = new Map([
    ['test.api.1', { token: 'test.api.1', at: NOON - 1_000, ok: true, launched } as const],
  ])
  const retired = (token: string) => anIntent({ kind: 'retire', ids: ['a2'] }, { token })
  const have = (token: string) =>
    verify(measured({ intents: [aLaunch(2), retired(token)], receipts, listed: [listed('a1')] })).have
  expect(have('test.api.2')).toBe(1)
  // One that was kept, and that this launch has started again.
  expect(have('test.api.0')).toBe(2)
})

test('one that was confirmed never fails by the start-up time, whatever its balancer forgets', () => {
  const members = { api: [aMember('a1', { state: 'checking' })] }
  expect(states(serving(['a1'], { members }))).toEqual(['checking'])
  expect(states(serving(['a1'], { members, memory: EMPTY_MEMORY }))).toEqual(['failed'])
})

test('the start-up time counts from the admission, and not before it when the journal was lost', () => {
  const over = { memory: EMPTY_MEMORY, members: { api: [] } }
  expect(states(serving(['a1'], over))).toEqual(['starting'])
  const put = { kind: 'put', why: 'admit', pool: 'api', members: [aMember('a1')] } as const
  const intents = (at: number) => [anIntent(put, { at })]
  expect(states(serving(['a1'], { ...over, intents: intents(NOON - 1_000) }))).toEqual(['starting'])
  expect(states(serving(['a1'], { ...over, intents: intents(NOON - 61_000) }))).toEqual(['failed'])
})

test('one that is still being launched after the start-up time has failed, though it has an address already', () => {
  const launching = (launchedAt: number) =>
    states(serving([], { listed: [listed('a1', { phase: 'launching', launchedAt })] }))
  expect(launching(NOON - 60_000)).toEqual(['launching'])
  expect(launching(NOON - 60_001)).toEqual(['failed'])
})

test('drains begin and end by stored intents, from where memory stands', () => {
  const put = (why: 'drain' | 'resume', at: number, by = 'policy:load') =>
    anIntent({ kind: 'put', why, pool: 'api', members: [aMember('a1')] }, { at, by })
  const since = (...intents: ReturnType<typeof put>[]) =>
    serving(['a1'], { intents }).servers[0]!.drainingSince
  expect(since(put('drain', NOON - 9))).toBe(NOON - 9)
  expect(since(put('drain', NOON - 9), put('drain', NOON - 5))).toBe(NOON - 9)
  expect(since(put('drain', NOON - 9), put('resume', NOON - 5))).toBeNull()
  expect(since(put('drain', NOON - 9, 'order:drain'))).toBeNull()
  const memory = { ...EMPTY_MEMORY, confirmed: ['a1'], draining: { a1: NOON - 99 } }
  const view = serving(['a1'], { memory })
  expect(view).toMatchObject({ have: 0, resumable: ['a1'] })
})

test('one that an operator ordered out drains, and is not for the taking', () => {
  const about = { id: 1, at: NOON, untilAt: null, by: 'ann' }
  const drain: Order = { ...about, scope: 'fleet:api', kind: 'drain', server: 'a1' }
  const silence: Order = {
    ...about,
    scope: 'balancer:gateway',
    kind: 'weight',
    pool: 'api',
    member: 'a1',
    weight: 0,
  }
  for (const order of [drain, silence]) {
    const view = serving(['a1', 'a2'], { orders: [order] })
    expect(view).toMatchObject({ have: 1, resumable: [] })
    expect(view.servers[0]).toMatchObject({ state: 'draining', ordered: 'drain', drainingSince: null })
  }
})

test('a known member that the list has lost for long has failed; an unknown one is nobody of ours', () => {
  const members = { api: [aMember('a1'), aMember('x1')] }
  const seen = (at: number) => new Map([['a1', at]])
  expect(states(serving([], { members, seen: seen(NOON - 5_000) }))).toEqual([])
  const view = serving([], { members, seen: seen(NOON - 11_000) })
  expect(view.servers).toMatchObject([{ id: 'a1', state: 'failed', detail: 'it is no longer there' }])
})

test('changes are those intents that changed the number, once a tick', () => {
  const intents = [
    aLaunch(2, { at: NOON - 9, have: 1, want: 3 }),
    anIntent({ kind: 'confirm', ids: ['a1'] }, { at: NOON - 9, have: 1, want: 1 }),
    aLaunch(1, { at: NOON - 9, have: 1, want: 3 }),
  ]
  expect(serving([], { intents }).changes).toEqual([{ at: NOON - 9, from: 1, to: 3, by: 'policy:load' }])
})

test('a jump of the clock holds scale-in for a minute', () => {
  const hold = (tickAt: number) => verify(measured({ memory: { ...EMPTY_MEMORY, tickAt } })).clockHoldUntilAt
  expect(hold(0)).toBe(0)
  expect(hold(NOON - 1_000)).toBe(0)
  expect(hold(NOON - 31_000)).toBe(NOON + 60_000)
  expect(hold(NOON + 31_000)).toBe(NOON + 60_000)
})

test('each server that never served doubles the wait, up to a minute; one that serves ends it', () => {
  const dead = listed('a1', { phase: 'failed', detail: 'exit code 1' })
  const backoff = (failures: number, before = new Map()) =>
    verify(
      measured({
        listed: [dead],
        before,
        memory: { ...EMPTY_MEMORY, backoff: { failures, untilAt: 0, why: '' } },
      }),
    ).backoff
  expect(backoff(2)).toMatchObject({ failures: 3, untilAt: NOON + 4_000 })
  expect(backoff(2)?.why).toBe('3 servers in a row never became healthy: exit code 1')
  expect(backoff(40)).toMatchObject({ untilAt: NOON + 60_000 })
  expect(backoff(2, new Map([['a1', 'failed']]))).toMatchObject({ failures: 2 })
  // It could not be retired: that is no failure more.
  expect(backoff(2, new Map([['a1', 'retiring']]))).toMatchObject({ failures: 2 })
  const memory = { ...EMPTY_MEMORY, backoff: { failures: 5, untilAt: 0, why: '' } }
  expect(serving(['a1'], { memory, listed: [listed('a1', young)] }).backoff).toBeNull()
})

test('what a controller before launched is waited for, whatever the clock says since', () => {
  const launched = { token: 'test.api.1', ids: ['a1'] }
  const receipts = new Map([
    ['test.api.1', { token: 'test.api.1', at: NOON - 120_000, ok: true, launched } as const],
  ])
  const about = { intents: [aLaunch(1)], receipts }
  const restarted = verify(measured({ ...about, sinceAt: NOON - 5_000 }))
  expect(restarted).toMatchObject({ have: 1, verdicts: [{ state: 'pending' }] })
  const settled = verify(measured({ ...about, sinceAt: NOON - 20_000 }))
  expect(settled).toMatchObject({ have: 0, verdicts: [{ state: 'landed' }] })
})

test('a server whose vendor has another clock is late by ours', () => {
  const launch = (agoMs: number) => ({ ...aLaunch(1), at: NOON - agoMs })
  const one = listed('a1', { phase: 'launching', address: null, launchedAt: NOON - 600_000 })
  const stateOf = (agoMs: number) =>
    verify(measured({ listed: [one], intents: [launch(agoMs)] })).servers.map(({ state }) => state)
  expect(stateOf(50_000)).toEqual(['launching'])
  expect(stateOf(70_000)).toEqual(['failed'])
})

test('while servers are replaced, a launch that nobody has answered counts as far as it is wanted', () => {
  const token = 'test.api.9'
  const about = {
    listed: [listed('a1', { revision: 'r0' })],
    members: { api: [aMember('a1')] },
    memory: { ...EMPTY_MEMORY, want: 3, confirmed: ['a1'] },
  }
  const launched = { intents: [aLaunch(5, { token })], flying: new Map([[token, NOON - 1_000]]) }
  expect(verify(measured(about)).have).toBe(1)
  expect(verify(measured({ ...about, ...launched })).have).toBe(3)
})
