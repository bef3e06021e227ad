import { expect, test } from 'vitest'
import { aLaunch, aMember, anIntent, listed, measured, serving, wanting } from '../../test/kit/measured.ts'
import { NOON } from '../../test/kit/scaling.ts'
import { NO_ALERTS } from '../core/alerts.ts'
import type { Order } from '../core/order.ts'
import { journal, textOf } from './journal.ts'
import { verify } from './verify.ts'
import type { FleetView } from './view.ts'

const tended = { memory: {}, events: [], doneOrders: [] }
const NOTHING = { alerts: NO_ALERTS, intents: [], receipts: [], others: [], shaded: null, tended }
const texts = (view: FleetView, want = view.have, done: Parameters<typeof journal>[2] = NOTHING) =>
  journal(view, wanting(view, want), done, null).events.map(({ text }) => text)

test('writes a decision whole when it changes, and once a minute', () => {
  const view = serving(['a1'])
  const decision = wanting(view, 2)
  const text = textOf(decision)
  const whole = (want: number, at: number) =>
    journal(view, wanting(view, want), NOTHING, { text, at }).decision !== null
  expect(whole(2, NOON - 59_000)).toBe(false)
  expect(whole(2, NOON - 60_000)).toBe(true)
  expect(whole(3, NOON - 1_000)).toBe(true)
  const other = {
    ...decision,
    because: decision.because.map((reason) => ({ ...reason, says: 'other figures' })),
  }
  expect(textOf(other)).toBe(text)
})

test('keeps what a decision saw that no table keeps as it was', () => {
  const order: Order = { id: 1, kind: 'stop', scope: 'fleet:api', at: NOON, untilAt: null, by: 'ann' }
  const drain: Order = { ...order, id: 2, kind: 'drain', server: 'a1' }
  const good = { ok: true, sample: { value: 1, at: NOON } } as const
  const view = serving(['a1'], {
    blind: ['servers: no list'],
    orders: [order, drain],
    readings: { cpu: good },
    besides: { throughput: good, bandwidth: good },
  })
  const tickOf = (view: FleetView) => journal(view, wanting(view, 1), NOTHING, null).tick
  const usual = tickOf(serving(['a1'], { readings: { cpu: good }, besides: { throughput: good } }))
  expect(usual).toMatchObject({ seen: {}, readings: { cpu: good } })
  expect(Object.keys(usual.readings)).toEqual(['cpu'])
  const backoff = { failures: 1, untilAt: NOON + 1, why: 'it failed' }
  const guards = { ...view.fleet.guards, effect: { afterMs: 1, holdMs: 1 } }
  const hold = { backoff, lost: ['a1'], missing: 1, room: 0, clockHoldUntilAt: NOON + 1 }
  const busy = { ...view, fleet: { ...view.fleet, max: 3, guards }, ...hold }
  const { seen, readings } = tickOf(busy)
  expect(seen).toEqual({
    blind: ['servers: no list'],
    orders: [order],
    backoff,
    resumable: [],
    lost: ['a1'],
    taken: 3,
    clockHoldUntilAt: NOON + 1,
  })
  expect(Object.keys(readings).sort()).toEqual(['cpu', 'throughput'])
})

test('says in one line what changes the number, and why', () => {
  const intents = [aLaunch(1, { have: 1, want: 2 })]
  expect(texts(serving(['a1'], { before: null }), 2, { ...NOTHING, intents })).toEqual([
    'api 1 -> 2: so it is (policy load)',
  ])
})

test('closes the intents that have ended, and tells how', () => {
  const view = serving(['a1'], {
    intents: [aLaunch(1), anIntent({ kind: 'confirm', ids: ['a1'] }, { token: 'x' })],
  })
  const { closed, events } = journal(view, wanting(view, 1), NOTHING, null)
  expect(closed).toMatchObject([
    { token: 'test.api.1', outcome: 'landed' },
    { token: 'x', outcome: 'lapsed' },
  ])
  expect(events.map(({ text }) => text)).toContain('launch 1 server: landed after 1s (1 listed)')
})

test('tells which servers came, failed and went', () => {
  const before = new Map([
    ['a1', 'checking'],
    ['a2', 'serving'],
    ['a3', 'retiring'],
  ] as const)
  const dead = listed('a2', { phase: 'failed', detail: 'exit code 1' })
  const view = serving(['a1', 'a2'], { before, listed: [listed('a1'), dead] })
  expect(texts(view)).toEqual(['a1 serves', 'a2 failed: exit code 1', 'a3 is gone'])
  expect(texts(serving(['a1'], { before: null }))).toEqual([])
})

test('tells once that it cannot see, when that lasts, and once that it sees again', () => {
  const seen = (blindTicks: number, blind: readonly string[]) => texts(serving([], { blindTicks, blind }))
  const blind = ['servers: no list']
  expect(seen(0, blind)).toEqual([])
  expect(seen(1, blind)).toEqual(['api cannot see and holds still: servers: no list'])
  expect(seen(2, blind)).toEqual([])
  expect(seen(2, [])).toEqual(['api sees everything again'])
  expect(seen(1, [])).toEqual([])
})

test('calls a drain done when its server is no more, and a stop never', () => {
  const about = { scope: 'fleet:api', at: NOON, untilAt: null, by: 'ann' }
  const drain: Order = { ...about, id: 1, kind: 'drain', server: 'a1' }
  const stop: Order = { ...about, id: 2, kind: 'stop' }
  const done = (over: Parameters<typeof measured>[0]) => {
    const view = verify(measured({ orders: [drain, stop], ...over }))
    return journal(view, wanting(view, 0), NOTHING, null).doneOrders
  }
  expect(done({})).toEqual([1])
  expect(done({ before: null })).toEqual([1])
  expect(done({ before: null, listed: [listed('a1')], seen: new Map([['a1', NOON]]) })).toEqual([])
  expect(done({ before: null, blind: ['servers: no list'] })).toEqual([])
})

test('the tick keeps what was read by name', () => {
  const view = serving(['a1'], { members: { api: [aMember('a1', { inFlight: 3 })] } })
  expect(journal(view, wanting(view, 2), NOTHING, null).tick).toMatchObject({
    servers: [{ id: 'a1', state: 'serving', inFlight: 3 }],
    want: 2,
  })
})
