import { expect, test } from 'vitest'
import { aFleet, aTarget, aView, NOON, samples } from '../../../test/kit/scaling.ts'
import { story } from '../../../test/kit/story.ts'
import type { Decision, Want } from '../../core/scaling.ts'
import { patience } from './patience.ts'

const MINUTE = 60_000
const FIVE = aFleet({ guards: { inPatienceMs: 5 * MINUTE } })

function wants(want: number, fromAgo: number, toAgo: number, missing = 0): readonly Want[] {
  return samples(want, NOON - fromAgo, NOON - toAgo).map(({ at }) => ({ at, want, missing }))
}

function checked(have: number, raw: number, past: readonly Want[], { fleet = FIVE, missing = 0 } = {}) {
  const decision: Decision = { have, want: raw, raw, because: [], opinions: [] }
  const view = aView({ fleet, serving: have, missing, past: { samples: {}, wants: past } })
  const { want, because } = patience.check(decision, view, [])
  return { want, because: because.at(-1) ?? null }
}

test('shrinks to the highest number that was wanted in the window', () => {
  const past = [
    ...wants(2, 6 * MINUTE, 3 * MINUTE),
    ...wants(4, 3 * MINUTE, 2 * MINUTE),
    ...wants(2, 2 * MINUTE, 0),
  ]
  expect(checked(6, 2, past)).toMatchObject({
    want: 4,
    because: { by: 'guard:patience', from: 2, to: 4, says: '4 servers wanted within the last 5m' },
  })
})

test('says when the last want that hinders leaves the window', () => {
  const past = [...wants(8, 6 * MINUTE, 2 * MINUTE), ...wants(2, 2 * MINUTE, 0)]
  // The last 8 was said a second before two minutes ago.
  expect(checked(6, 2, past)).toMatchObject({ want: 6, because: { untilAt: NOON + 3 * MINUTE - 1_000 } })
})

test('never raises above what the fleet has', () => {
  expect(checked(6, 2, wants(9, 6 * MINUTE, 0)).want).toBe(6)
})

test('shrinks at once when the whole window agrees', () => {
  expect(checked(6, 2, wants(2, 6 * MINUTE, 0))).toEqual({ want: 2, because: null })
})

test('waits until a whole window has been watched', () => {
  expect(checked(6, 2, wants(2, 4 * MINUTE, 0))).toMatchObject({
    want: 6,
    because: { says: 'scale-in waits until the load has been watched for 5m', untilAt: NOON + MINUTE },
  })
})

test('time during which nobody watched does not count', () => {
  const away = [...wants(2, 60 * MINUTE, 30 * MINUTE), ...wants(2, 10_000, 0)]
  expect(checked(6, 2, away)).toMatchObject({ want: 6, because: { untilAt: NOON + 5 * MINUTE - 10_000 } })
})

test('a few slow ticks do not cost another window', () => {
  const slow = [...wants(2, 6 * MINUTE, 3 * MINUTE), ...wants(2, 3 * MINUTE - 10_000, 0)]
  expect(checked(6, 2, slow).want).toBe(2)
})

test('samples show that the fleet was watched while every policy abstained', () => {
  const decision: Decision = { have: 6, want: 5, raw: 5, because: [], opinions: [] }
  const past = { samples: { cpu: samples(0.1, NOON - 6 * MINUTE, NOON) }, wants: [] }
  expect(patience.check(decision, aView({ fleet: FIVE, serving: 6, past }), []).want).toBe(5)
})

test('without patience it stays out of the way', () => {
  expect(checked(6, 2, [], { fleet: aFleet() }).want).toBe(2)
  expect(checked(6, 9, [], { fleet: aFleet() }).want).toBe(9)
})

test('scale-out goes to the lowest number that was wanted in its window, not below what there is', () => {
  const fleet = aFleet({ guards: { outPatienceMs: MINUTE } })
  expect(checked(4, 9, wants(6, MINUTE, 0), { fleet })).toMatchObject({
    want: 6,
    because: { says: 'only 6 servers wanted within the last 1m', untilAt: NOON + MINUTE - 1_000 },
  })
  expect(checked(4, 9, wants(2, MINUTE, 0), { fleet }).want).toBe(4)
  expect(checked(4, 9, wants(9, MINUTE, 0), { fleet }).want).toBe(9)
})

test('one that falls ill takes nothing from what was wanted of those that carry', () => {
  const past = wants(3, 6 * MINUTE, 0)
  expect(checked(2, 1, past, { missing: 2 })).toMatchObject({
    want: 2,
    because: { says: '3 servers wanted within the last 5m' },
  })
})

test('what came in place of a missing one stays for a window when that is back', () => {
  const past = wants(2, 6 * MINUTE, MINUTE, 1)
  expect(checked(3, 2, past)).toMatchObject({ want: 3, because: { untilAt: NOON + 4 * MINUTE - 1_000 } })
  expect(checked(3, 2, past, { missing: 1 }).want).toBe(2)
})

test('scale-out heeds what was wanted, without places for those that were missing', () => {
  const fleet = aFleet({ guards: { outPatienceMs: MINUTE } })
  expect(checked(2, 3, wants(2, MINUTE, 0, 1), { fleet, missing: 1 }).want).toBe(2)
})

test('a story: shrinks only after five quiet minutes', () => {
  const policies = [aTarget('in-flight-per-server', 8)]
  const fleet = story(aFleet({ policies, guards: { inPatienceMs: 5 * MINUTE } }), { servers: 2 })
  fleet.at('0s', { 'in-flight-per-server': 8 }).wants(2)
  fleet.at('10s', { 'in-flight-per-server': 16 }).wants(4, 'needs 4 servers')
  fleet.at('11s', { 'in-flight-per-server': 8 }).wants(4, 'within 10 %')
  fleet.at('1m', { 'in-flight-per-server': 1 }).wants(4, 'until the load has been watched for 5m')
  fleet.at('5m59s', { 'in-flight-per-server': 1 }).wants(1)
})

test('a story: a burst within the window starts the five minutes anew', () => {
  const policies = [aTarget('in-flight-per-server', 8)]
  const fleet = story(aFleet({ policies, guards: { inPatienceMs: 5 * MINUTE } }), { servers: 4 })
  fleet.at('0s', { 'in-flight-per-server': 1 }).wants(4)
  fleet.at('4m', { 'in-flight-per-server': 8 }).wants(4)
  fleet.at('4m1s', { 'in-flight-per-server': 1 }).wants(4)
  fleet.at('8m59s', { 'in-flight-per-server': 1 }).wants(4, '4 servers wanted within the last 5m')
  fleet.at('9m1s', { 'in-flight-per-server': 1 }).wants(1)
})
