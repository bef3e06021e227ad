import { expect, test } from 'vitest'
import { measured, serving, wanting } from '../../test/kit/measured.ts'
import { aFleet, aSchedule, aTarget, NOON, ofCapacity, readingsOf } from '../../test/kit/scaling.ts'
import { NO_PRICE } from '../core/cost.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { ScalingPolicy } from '../core/scaling.ts'
import type { ShadowMemory } from '../core/shadow.ts'
import { cronCalendar } from '../drivers/cron/calendar.ts'
import { policiesOf } from '../scaling/policies/compile.ts'
import { type ShadowSettings, shade } from './shadow.ts'
import { EMPTY_MEMORY } from './state.ts'

const CALENDAR = cronCalendar()

function aShadow(over: Partial<FleetSpec> = {}): ShadowSettings {
  const fleet = aFleet({ policies: [aTarget('connections-per-server', 5)], ...over })
  return { id: 's1', fleet, policies: policiesOf(fleet) }
}

/** Two servers with 10 connections each, of which no decision of the active fleet knows. */
function viewAt(now: number, shadow?: ShadowMemory) {
  return serving(['a', 'b'], {
    now,
    besides: readingsOf({ 'connections-per-server': 10 }, now),
    memory: { ...EMPTY_MEMORY, confirmed: ['a', 'b'], ...(shadow && { shadow }) },
  })
}

test('decides by its own policies on what was measured besides, from where the active fleet stands', () => {
  const view = viewAt(NOON)
  const shaded = shade(view, wanting(view, 2), aShadow(), CALENDAR)!
  expect(shaded.decision).toMatchObject({ have: 2, want: 4 })
  expect(shaded.failure).toBe(null)
})

test('keeps to its own limits and schedules', () => {
  const view = viewAt(NOON)
  const night = aSchedule('0 0 * * *', '59 23 * * *', { max: 3 })
  const policies = [aTarget('connections-per-server', 5), night]
  expect(shade(view, wanting(view, 2), aShadow({ policies }), CALENDAR)!.decision?.want).toBe(3)
  expect(shade(view, wanting(view, 2), aShadow({ max: 2 }), CALENDAR)!.decision?.want).toBe(2)
})

test('takes shares of what its own file says that a server carries, else of what was learned', () => {
  const fleet = aFleet({ capacityRps: 50 })
  const readings = readingsOf({ 'rps-per-server': 40 }, NOON)
  const view = serving(['a', 'b'], { fleet, readings, surelyRps: 100 })
  const wantOf = (capacityRps: number | null) => {
    const shadow = aShadow({ policies: [ofCapacity('rps-per-server', 0.8)], capacityRps })
    return shade(view, wanting(view, 2), shadow, CALENDAR)!.decision?.want
  }
  expect([wantOf(10), wantOf(null)]).toEqual([10, 1])
})

test('counts how often it wanted more and fewer, and for how long', () => {
  let memory: ShadowMemory | undefined
  const wants = [2, 2, 5, 4]
  for (const [second, active] of wants.entries()) {
    const view = viewAt(NOON + second * 1_000, memory)
    memory = shade(view, wanting(view, active), aShadow(), CALENDAR)!.memory
  }
  expect(memory).toMatchObject({ ticks: 4, more: 2, fewer: 1, serverMs: 12_000, activeServerMs: 9_000 })
  expect(memory).toMatchObject({ comparedMs: 3_000, changes: 0, activeChanges: 2, cost: 0 })
  expect(memory!.past.wants.map(({ want }) => want)).toContain(4)
  const later = viewAt(NOON + 100_000, memory)
  expect(shade(later, wanting(later, 2), aShadow(), CALENDAR)!.memory).toMatchObject({
    ticks: 5,
    serverMs: 12_000,
  })
})

test('what could not be seen is not compared', () => {
  const view = serving(['a', 'b'], { blind: ['servers: gone'] })
  expect(shade(view, wanting(view, 2), aShadow(), CALENDAR)!.memory).toMatchObject({ ticks: 0, wants: null })
})

test('another configuration counts anew, with what the active one remembers', () => {
  const view = viewAt(NOON)
  const { memory } = shade(view, wanting(view, 2), aShadow(), CALENDAR)!
  const next = viewAt(NOON + 1_000, memory)
  expect(shade(next, wanting(next, 2), { ...aShadow(), id: 's2' }, CALENDAR)!.memory).toMatchObject({
    id: 's2',
    ticks: 1,
  })
})

test('an error in it stays in it: it is told once, and it decides no more', () => {
  const broken: ScalingPolicy = {
    name: 'broken',
    metrics: [],
    lookBackMs: 0,
    opine: () => {
      throw new TypeError('it is no number')
    },
  }
  const shadow = { ...aShadow(), policies: [broken] }
  const view = viewAt(NOON)
  const first = shade(view, wanting(view, 2), shadow, CALENDAR)!
  expect(first).toMatchObject({
    decision: null,
    failure: 'it is no number',
    memory: { failed: 'it is no number' },
  })
  const next = viewAt(NOON + 1_000, first.memory)
  expect(shade(next, wanting(next, 2), shadow, CALENDAR)).toMatchObject({ decision: null, failure: null })
})

test('without a shadow there is nothing', () => {
  const view = serving(['a'], measured())
  expect(shade(view, wanting(view, 1), null, CALENDAR)).toBe(null)
})

test('counts what it would cost, and what its guards refuse', () => {
  const price = { ...NO_PRICE, perHour: 3600 }
  const priced = (now: number, shadow?: ShadowMemory) => {
    const view = viewAt(now, shadow)
    return { ...view, cost: { each: 3600, perHour: 7200, budget: null }, fleet: { ...view.fleet, price } }
  }
  const tight = aShadow({ max: 3 })
  const first = shade(priced(NOON), wanting(priced(NOON), 2), tight, CALENDAR)!
  const view = priced(NOON + 1_000, first.memory)
  const { memory } = shade(view, wanting(view, 2), tight, CALENDAR)!
  expect(memory).toMatchObject({ refused: 2, activeRefused: 0, cost: 3, activeCost: 2 })
})

test('goes on from what an older version wrote', () => {
  const { memory } = shade(viewAt(NOON), wanting(viewAt(NOON), 2), aShadow(), CALENDAR)!
  const { comparedMs: _c, cost: _m, changes: _n, refused: _r, ...old } = memory
  const view = viewAt(NOON + 1_000, old as ShadowMemory)
  expect(shade(view, wanting(view, 2), aShadow(), CALENDAR)!.memory).toMatchObject({
    comparedMs: 1_000,
    refused: 0,
  })
})
