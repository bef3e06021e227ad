import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { aChange, aFleet, aTarget, aView, NOON, type ViewOver } from '../../../test/kit/scaling.ts'
import { decide } from '../decide.ts'
import { targetPolicy } from '../policies/target.ts'
import { budget, budgetText } from './budget.ts'

const fleet = aFleet({ min: 2, budget: { per: 'month', amount: 100 } })
const spending = (
  spent: number,
  { expected = spent as number | null, held = null as number | null } = {},
) => ({
  each: 0.5,
  perHour: 2,
  budget: { spent, expected, endAt: NOON + 1000, held },
})

function checked(have: number, want: number, over: ViewOver) {
  const view = aView({ fleet, serving: have, ...over })
  const decision = budget.check({ have, want, raw: want, because: [], opinions: [] }, view, [])
  return { want: decision.want, because: decision.because.at(-1) ?? null }
}

test('holds every launch once the budget is used up, until a new one begins', () => {
  expect(checked(4, 9, { cost: spending(100) })).toEqual({
    want: 4,
    because: {
      by: 'guard:budget',
      from: 9,
      to: 4,
      says: 'the budget is used up: 100.00 of the 100 a month',
      untilAt: NOON + 1000,
    },
  })
})

test('lets pass what is within it, what saves, and what nobody knows the cost of', () => {
  expect(checked(4, 9, { cost: spending(99.9) })).toEqual({ want: 9, because: null })
  expect(checked(4, 1, { cost: spending(200) })).toEqual({ want: 1, because: null })
  expect(checked(4, 9, { cost: null })).toEqual({ want: 9, because: null })
})

test('refills what has died, whatever was wanted last', () => {
  const changes = [aChange(4, 10, NOON - 5000)]
  expect(checked(5, 9, { cost: spending(200, { held: 6 }), changes }).want).toBe(6)
})

test('holds where no server is left that has a price', () => {
  const cost = { ...spending(200), each: null }
  expect(checked(0, 9, { cost }).want).toBe(0)
  expect(decide(aView({ fleet, serving: 0, cost }), [])).not.toHaveProperty('costPerHour')
})

test('never goes below min, and every decision tells what it costs', () => {
  const policies = [targetPolicy(aTarget('rps', 100))]
  const none = decide(aView({ fleet, serving: 0, metrics: { rps: 900 }, cost: spending(200) }), policies)
  expect(none).toMatchObject({ want: 2, costPerHour: 1 })
  const less = decide(aView({ fleet, serving: 6, metrics: { rps: 300 }, cost: spending(200) }), policies)
  expect(less).toMatchObject({ want: 3, costPerHour: -1.5 })
  const same = decide(aView({ fleet, serving: 3, metrics: { rps: 300 }, cost: spending(200) }), policies)
  expect(same).not.toHaveProperty('costPerHour')
})

test('tells before the budget is used up', () => {
  const text = (spent: number, expected: number | null) =>
    budgetText({ fleet, cost: spending(spent, { expected }) })
  expect([text(50, 100), text(50, null)]).toEqual([null, null])
  const says = text(50, 120)!
  expect(says).toBe(
    'the budget will not do: 50.00 of the 100 a month are spent, 120.00 are to be expected by its end',
  )
  const daily = budgetText({ fleet: { ...fleet, budget: { per: 'day', amount: 9 } }, cost: spending(10) })!
  expect(untranslated([says, text(100, 100)!, daily])).toEqual([])
})
