import { expect, test } from 'vitest'

import {
  aChange,
  aFleet,
  aTarget,
  aView,
  aWindow,
  NOON,
  readingsOf,
  type ViewOver,
} from '../../../test/kit/scaling.ts'
import type { Reading } from '../../core/metrics.ts'

import type { Order, OrderBody } from '../../core/order.ts'
import type { Decision, Guard } from '../../core/scaling.ts'
import { targetPolicy } from '../policies/target.ts'
import { backoff } from './backoff.ts'
import { blind } from './blind.ts'
import { calendar } from './calendar.ts'
import { clock } from './clock.ts'
import { cooldown } from './cooldown.ts'
import { freshness } from './freshness.ts'
import { limits } from './limits.ts'
import { pause, pin, stopped } from './orders.ts'

const POLICIES = [targetPolicy(aTarget('rps', 100)), targetPolicy(aTarget('cpu', 0.5))]

function aDecision(have: number, want: number): Decision {
  return { have, want, raw: want, because: [], opinions: [] }
}

/** What the guard makes of a wish, and why: its last reason. */
function checked(guard: Guard, have: number, want: number, over: ViewOver = {}) {
  const decision = guard.check(aDecision(have, want), aView({ serving: have, ...over }), POLICIES)
  return { want: decision.want, because: decision.because.at(-1) ?? null }
}

function anOrder(body: OrderBody, over: { untilAt?: number; by?: string } = {}): Order {
  return { id: 1, scope: 'fleet:api', at: NOON - 5_000, untilAt: null, by: 'ann', ...body, ...over }
}

const minutes = (count: number) => count * 60_000

test('limits: nobody leaves min and max', () => {
  const fleet = aFleet({ min: 2, max: 5 })
  expect(checked(limits, 3, 9, { fleet })).toMatchObject({
    want: 5,
    because: { from: 9, to: 5, says: 'at most 5 (max)' },
  })
  expect(checked(limits, 3, 0, { fleet })).toMatchObject({
    want: 2,
    because: { from: 0, to: 2, says: 'at least 2 (min)' },
  })
  expect(checked(limits, 3, 4, { fleet })).toEqual({ want: 4, because: null })
})

test('limits: min beats max', () => {
  expect(checked(limits, 3, 4, { fleet: aFleet({ min: 6, max: 5 }) }).want).toBe(6)
})

test('limits: the highest min and the lowest max of open schedules narrow those of the fleet, and min beats max', () => {
  const fleet = aFleet({ min: 2, max: 20 })
  const night = aWindow({ max: 10 })
  const sale = aWindow({ policy: 'sales', event: 'sale', min: 6, endAt: NOON + 5_000 })
  expect(checked(limits, 3, 15, { fleet, calendar: [night, aWindow({ max: 12 })] })).toMatchObject({
    want: 10,
    because: { says: 'at most 10 (max of schedule night)', untilAt: NOON + 60_000 },
  })
  expect(checked(limits, 3, 1, { fleet, calendar: [night, sale, aWindow({ min: 4 })] })).toMatchObject({
    want: 6,
    because: { says: 'at least 6 (min of event sale)', untilAt: NOON + 5_000 },
  })
  expect(checked(limits, 3, 9, { fleet, calendar: [aWindow({ max: 5 }), sale] }).want).toBe(6)
})

test('limits: a window counts from its start to before its end, and never widens those of the fleet', () => {
  const fleet = aFleet({ min: 2, max: 20 })
  const wanting = (over: Parameters<typeof aWindow>[0]) =>
    checked(limits, 3, 15, { fleet, calendar: [aWindow(over)] }).want
  expect(wanting({ max: 10, startAt: NOON })).toBe(10)
  expect(wanting({ max: 10, startAt: NOON + 1 })).toBe(15)
  expect(wanting({ max: 10, endAt: NOON })).toBe(15)
  expect(checked(limits, 3, 30, { fleet, calendar: [aWindow({ max: 40 })] }).want).toBe(20)
  expect(checked(limits, 3, 0, { fleet, calendar: [aWindow({ min: 0 })] }).want).toBe(2)
})

test('calendar: an event is a floor of so many times what was wanted before, and the highest multiplier counts', () => {
  const sale = aWindow({ policy: 'sales', event: 'sale', multiplier: 2.5 })
  expect(checked(calendar, 3, 3, { calendar: [sale] })).toEqual({
    want: 8,
    because: {
      by: 'guard:calendar',
      from: 3,
      to: 8,
      says: 'event sale expects 2.5 times the load that 3 servers had before it',
      untilAt: NOON + 60_000,
    },
  })
  const past = { samples: {}, wants: [], beforeEvents: 3 }
  expect(checked(calendar, 3, 9, { calendar: [sale], past })).toEqual({ want: 9, because: null })
  expect(checked(calendar, 3, 3, { calendar: [sale, aWindow({ multiplier: 3 })] }).want).toBe(9)
  expect(checked(calendar, 3, 3, { calendar: [aWindow({ multiplier: 3, startAt: NOON + 1 })] }).want).toBe(3)
})

test('calendar: what was wanted before is kept as long as an event is open', () => {
  const past = { samples: {}, wants: [], beforeEvents: 3 }
  const open = [aWindow({ multiplier: 2 })]
  expect(checked(calendar, 6, 5, { calendar: open, past })).toMatchObject({ want: 6 })
  const keeps = (over: ViewOver) => calendar.check(aDecision(6, 5), aView(over), POLICIES).beforeEvents
  expect(keeps({ calendar: open, past })).toBe(3)
  expect(keeps({ calendar: open })).toBe(5)
  expect(keeps({ past })).toBeUndefined()
})

test('calendar: a fleet that has just begun counts from its min', () => {
  expect(
    checked(calendar, 0, 0, { calendar: [aWindow({ multiplier: 2 })], fleet: aFleet({ min: 3 }) }).want,
  ).toBe(6)
})

test('freshness: no scale-in when any metric of any policy is missing', () => {
  expect(checked(freshness, 4, 2, { metrics: { rps: 3 } })).toMatchObject({
    want: 4,
    because: { by: 'guard:freshness', says: 'no scale-in without data: cpu: not measured' },
  })
})

test('freshness: no scale-in on stale or unreachable data', () => {
  const cpu = { ok: true, sample: { value: 0.1, at: NOON - 60_000 } } as const
  const rps = { ok: false, at: NOON, why: 'unreachable' } as const
  expect(checked(freshness, 4, 2, { readings: { cpu, rps } }).because?.says).toBe(
    'no scale-in without data: rps: unreachable, cpu: stale, 1m old',
  )
})

test('freshness: a fleet without requests has no latencies and may shrink', () => {
  const p99 = { ok: false, at: NOON, why: 'idle', detail: 'no request in the window' } as const
  const policies = [
    targetPolicy(aTarget('rps', 100)),
    { ...targetPolicy(aTarget('cpu', 1)), metrics: ['p99'] },
  ]
  const view = (reading: Reading) =>
    aView({ serving: 4, metrics: { rps: 0 }, readings: { ...readingsOf({ rps: 0 }, NOON), p99: reading } })
  expect(freshness.check(aDecision(4, 2), view(p99), policies).want).toBe(2)
  expect(freshness.check(aDecision(4, 2), view({ ...p99, why: 'no-data' }), policies).want).toBe(4)
})

test('freshness: scale-out needs no full view, scale-in with all data is free', () => {
  expect(checked(freshness, 4, 6)).toEqual({ want: 6, because: null })
  expect(checked(freshness, 4, 2, { metrics: { rps: 3, cpu: 0.1 } })).toEqual({ want: 2, because: null })
})

const cooling = aFleet({ guards: { outCooldownMs: minutes(1), inCooldownMs: minutes(5) } })

test('cooldown: waits after a change in the same direction and says until when', () => {
  const changes = [aChange(5, 4, NOON - minutes(2))]
  expect(checked(cooldown, 4, 3, { fleet: cooling, changes })).toMatchObject({
    want: 4,
    because: { says: 'scaled in 2m ago, waits 5m before the next', untilAt: NOON + minutes(3) },
  })
})

test('cooldown: does not wait after a change in the other direction', () => {
  const changes = [aChange(5, 4, NOON - 1_000)]
  expect(checked(cooldown, 4, 6, { fleet: cooling, changes })).toEqual({ want: 6, because: null })
})

test('cooldown: is over at its end', () => {
  const out = (ago: number) => ({ fleet: cooling, changes: [aChange(3, 4, NOON - ago), aChange(5, 4, NOON)] })
  expect(checked(cooldown, 4, 6, out(minutes(1) - 1)).want).toBe(4)
  expect(checked(cooldown, 4, 6, out(minutes(1))).want).toBe(6)
})

test('backoff: launches nothing while launches fail, not even up to min', () => {
  const failing = { failures: 3, untilAt: NOON + 8_000, why: 'exited with code 1' }
  expect(checked(backoff, 1, 2, { backoff: failing })).toMatchObject({
    want: 1,
    because: {
      by: 'guard:backoff',
      says: 'exited with code 1; the next launch waits',
      untilAt: NOON + 8_000,
    },
  })
})

test('backoff: takes back draining servers, for that needs no launch', () => {
  const failing = { failures: 3, untilAt: NOON + 8_000, why: 'exited with code 1' }
  expect(checked(backoff, 1, 4, { backoff: failing, resumable: ['a', 'b'] }).want).toBe(3)
  expect(checked(backoff, 1, 2, { backoff: failing, resumable: ['a', 'b'] }).want).toBe(2)
})

test('backoff: lets scale-in pass and ends at its time', () => {
  const failing = { failures: 1, untilAt: NOON, why: 'exited' }
  expect(checked(backoff, 4, 6, { backoff: failing }).want).toBe(6)
  expect(checked(backoff, 4, 2, { backoff: { ...failing, untilAt: NOON + 1 } }).want).toBe(2)
})

test('clock: nothing shrinks for a while after the wall clock jumped', () => {
  const held = { clockHoldUntilAt: NOON + 1 }
  expect(checked(clock, 4, 2, held)).toMatchObject({ want: 4, because: { untilAt: NOON + 1 } })
  expect(checked(clock, 4, 6, held).want).toBe(6)
  expect(checked(clock, 4, 2, { clockHoldUntilAt: NOON }).want).toBe(2)
})

test('blind: who cannot see changes nothing', () => {
  const over = { blind: ['fleet: no answer'] }
  expect(checked(blind, 4, 2, over)).toMatchObject({
    want: 4,
    because: { says: expect.stringContaining('no answer') },
  })
  expect(checked(blind, 4, 6, over).want).toBe(4)
  expect(checked(blind, 4, 6).want).toBe(6)
})

test('pin: takes the place of what the policies want, until it ends', () => {
  const until = (untilAt: number) => ({ orders: [anOrder({ kind: 'pin', desired: 7 }, { untilAt })] })
  expect(checked(pin, 4, 2, until(NOON + 1))).toMatchObject({
    want: 7,
    because: { by: 'order:pin', says: 'pinned to 7 by ann', untilAt: NOON + 1 },
  })
  expect(checked(pin, 4, 2, until(NOON)).want).toBe(2)
})

test('pin: is told also where the policies want the same', () => {
  const orders = [anOrder({ kind: 'pin', desired: 2 }, { untilAt: NOON + 1 })]
  expect(checked(pin, 4, 2, { orders })).toEqual({
    want: 2,
    because: { by: 'order:pin', from: 2, to: 2, says: 'pinned to 2 by ann', untilAt: NOON + 1 },
  })
})

test('pin: the newest counts', () => {
  const orders = [anOrder({ kind: 'pin', desired: 7 }), anOrder({ kind: 'pin', desired: 6 })]
  expect(checked(pin, 4, 2, { orders }).want).toBe(6)
})

test.each<['in' | 'out' | 'both', number, number]>([
  ['in', 4, 6],
  ['out', 2, 4],
  ['both', 4, 4],
])('pause %s: a wish for 2 becomes %s, a wish for 6 becomes %s, of 4', (direction, fromTwo, fromSix) => {
  const orders = [anOrder({ kind: 'pause', direction })]
  expect(checked(pause, 4, 2, { orders }).want).toBe(fromTwo)
  expect(checked(pause, 4, 6, { orders }).want).toBe(fromSix)
})

test('pause: says who paused what', () => {
  const orders = [anOrder({ kind: 'pause', direction: 'both' }, { untilAt: NOON + 9 })]
  expect(checked(pause, 4, 6, { orders }).because).toMatchObject({
    by: 'order:pause',
    says: 'scale-out is paused by ann',
    untilAt: NOON + 9,
  })
})

test('stop: no servers, for no other reason', () => {
  const view = aView({ serving: 4, orders: [anOrder({ kind: 'stop' })] })
  expect(stopped(aDecision(4, 6), view)).toMatchObject({
    want: 0,
    because: [{ by: 'order:stop', from: 4, to: 0, says: 'stopped by ann' }],
  })
  expect(stopped(aDecision(4, 6), aView())).toBeNull()
})
