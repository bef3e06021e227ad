import { expect, test } from 'vitest'
import { aChange, aFleet, aTarget, aView, NOON } from '../../../test/kit/scaling.ts'
import { story } from '../../../test/kit/story.ts'
import type { Change } from '../../core/scaling.ts'
import { flapBudget, reversals } from './flap-budget.ts'

const MINUTE = 60_000
const FLEET = aFleet({ guards: { flapBudget: { reversals: 3, perMs: 60 * MINUTE } } })

/** 4 -> 6 -> 4 -> 6 ..., a change every ten minutes until ten minutes ago. */
function turns(count: number): readonly Change[] {
  return Array.from({ length: count }, (_, index) => {
    const up = index % 2 === 0
    return aChange(up ? 4 : 6, up ? 6 : 4, NOON - (count - index) * 10 * MINUTE)
  })
}

function checked(have: number, want: number, changes: readonly Change[]) {
  const view = aView({ fleet: FLEET, serving: have, changes })
  const decision = flapBudget.check({ have, want, raw: want, because: [], opinions: [] }, view, [])
  return { want: decision.want, because: decision.because.at(-1) ?? null }
}

test('a turn is a change of direction: steps in the same one are none', () => {
  expect(reversals(turns(4))).toHaveLength(3)
  const rising = [aChange(2, 4, 1), aChange(4, 5, 2), aChange(5, 9, 3)]
  expect(reversals([...rising, aChange(9, 7, 4), aChange(7, 6, 5), aChange(6, 7, 6)])).toEqual([4, 6])
})

test('to refill what has died is no turn, and neither is what an operator orders', () => {
  expect(reversals([aChange(8, 6, 1), aChange(3, 6, 2), aChange(6, 4, 3)])).toEqual([])
  expect(reversals([aChange(8, 6, 1), aChange(6, 9, 2, 'order:pin'), aChange(9, 7, 3)])).toEqual([])
})

test('holds scale-in when the budget is used up, until the oldest turn that counts is an hour ago', () => {
  expect(checked(6, 4, turns(4))).toEqual({
    want: 6,
    because: {
      by: 'guard:flap-budget',
      from: 4,
      to: 6,
      says: 'the fleet turned 3 times within 1h, which uses up its budget; scale-in waits',
      // Of four changes forty to ten minutes ago the second is the first turn.
      untilAt: NOON + 30 * MINUTE,
    },
  })
  // More turns than the budget: a number of them has to grow old.
  expect(checked(6, 4, turns(5)).because).toMatchObject({ untilAt: NOON + 30 * MINUTE })
})

test('never holds scale-out, nor a fleet within its budget', () => {
  expect(checked(6, 9, turns(8))).toEqual({ want: 9, because: null })
  expect(checked(6, 4, turns(3))).toEqual({ want: 4, because: null })
})

test('a story: a fleet that swings keeps its servers until the hour is over', () => {
  const policies = [aTarget('in-flight', 1)]
  const fleet = story(
    aFleet({ policies, min: 1, max: 100, guards: { flapBudget: { reversals: 3, perMs: 60 * MINUTE } } }),
    { servers: 4 },
  )
  fleet.at('0m', { 'in-flight': 8 }).wants(8)
  fleet.at('5m', { 'in-flight': 4 }).wants(4)
  fleet.at('10m', { 'in-flight': 8 }).wants(8)
  fleet.at('15m', { 'in-flight': 4 }).wants(4)
  fleet.at('20m', { 'in-flight': 8 }).wants(8)
  fleet.at('25m', { 'in-flight': 4 }).wants(8, 'turned 4 times within 1h')
  fleet.at('30m', { 'in-flight': 12 }).wants(12)
  fleet.at('40m', { 'in-flight': 4 }).wants(12, 'scale-in waits')
  // The turns of 5m and 10m are an hour old.
  fleet.at('70m', { 'in-flight': 4 }).wants(4)
})
