import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aChange, aFleet, aTarget, aView, NOON } from '../../../test/kit/scaling.ts'
import { story } from '../../../test/kit/story.ts'
import type { GuardSpec, Pace } from '../../core/policy.ts'
import type { Change } from '../../core/scaling.ts'
import { pace } from './pace.ts'

const FOUR: Pace = { servers: 4, perMs: 15_000 }
const DOUBLE: Pace = { ratio: 1, perMs: 15_000 }
const HALF: Pace = { ratio: 0.5, perMs: 60_000 }

function checked(have: number, want: number, guards: Partial<GuardSpec>, changes: readonly Change[] = []) {
  const view = aView({ fleet: aFleet({ guards }), serving: have, changes })
  const decision = pace.check({ have, want, raw: want, because: [], opinions: [] }, view, [])
  return { want: decision.want, because: decision.because.at(-1) ?? null }
}

test('lets a fleet grow by so many servers within the time, and says until when', () => {
  expect(checked(2, 20, { outPace: [FOUR] })).toEqual({
    want: 6,
    because: {
      by: 'guard:pace',
      from: 20,
      to: 6,
      says: 'within 15s from 2 servers to at most 6: 4 servers per 15s',
      untilAt: NOON + 15_000,
    },
  })
})

test('of several entries the one that allows most counts', () => {
  expect(checked(2, 20, { outPace: [FOUR, DOUBLE] }).want).toBe(6)
  expect(checked(8, 20, { outPace: [FOUR, DOUBLE] }).want).toBe(16)
  expect(checked(8, 20, { outPace: [FOUR, DOUBLE] }).because?.says).toContain(
    '4 servers per 15s or 100% per 15s',
  )
})

test('what was launched within the time counts, what is older does not', () => {
  const outPace = [FOUR]
  expect(checked(4, 20, { outPace }, [aChange(2, 4, NOON - 10_000)])).toMatchObject({
    want: 6,
    because: { untilAt: NOON + 5_000 },
  })
  expect(checked(6, 20, { outPace }, [aChange(2, 6, NOON - 10_000)]).want).toBe(6)
  expect(checked(6, 20, { outPace }, [aChange(2, 6, NOON - 15_000)]).want).toBe(10)
})

test('a launch that came to nothing is not held against the next', () => {
  const changes = [aChange(2, 6, NOON - 10_000), aChange(3, 6, NOON - 5_000)]
  expect(checked(3, 20, { outPace: [FOUR] }, changes).want).toBe(6)
})

test('goes by the instants of changes where the clock has been set back between them', () => {
  const outPace = [{ servers: 1, perMs: 60_000 }]
  const changes = [aChange(2, 8, NOON + 600_000), aChange(8, 3, NOON - 120_000)]
  expect(checked(3, 20, { outPace }, changes).want).toBe(4)
})

test('refills what has died at once', () => {
  const outPace = [{ servers: 1, perMs: 60_000 }]
  const changes = [aChange(8, 10, NOON - 600_000)]
  expect(checked(3, 10, { outPace }, changes)).toEqual({ want: 10, because: null })
  expect(checked(10, 20, { outPace }, [...changes, aChange(3, 10, NOON - 1_000)]).want).toBe(11)
})

test('retires no faster than its own entries say, at least one', () => {
  expect(checked(16, 2, { inPace: [HALF] })).toMatchObject({
    want: 8,
    because: { says: 'within 1m from 16 servers to at least 8: 50% per 1m' },
  })
  expect(checked(3, 1, { inPace: [HALF] }).want).toBe(2)
  expect(checked(1, 0, { inPace: [HALF] }).want).toBe(0)
  expect(checked(8, 2, { inPace: [HALF] }, [aChange(16, 8, NOON - 30_000)])).toMatchObject({
    want: 8,
    because: { untilAt: NOON + 30_000 },
  })
  expect(checked(16, 2, { outPace: [FOUR] }).want).toBe(2)
})

test('never turns one direction into the other, nor goes further than asked', () => {
  const amount = fc.oneof(
    fc.record({ servers: fc.integer({ min: 1, max: 20 }), perMs: fc.integer({ min: 1_000, max: 90_000 }) }),
    fc.record({
      ratio: fc.double({ min: 0.01, max: 2, noNaN: true }),
      perMs: fc.integer({ min: 1_000, max: 90_000 }),
    }),
  )
  const change = fc.record({
    at: fc.integer({ min: NOON - 100_000, max: NOON }),
    from: fc.nat(50),
    to: fc.nat(50),
    by: fc.constant('policy:x'),
  })
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), fc.array(amount), fc.array(change), (have, want, paces, changes) => {
      const sorted = changes.toSorted((a, b) => a.at - b.at)
      const found = checked(
        have,
        want,
        { outPace: paces, inPace: paces.filter((one) => 'servers' in one || one.ratio <= 1) },
        sorted,
      )
      expect(found.want).toBeGreaterThanOrEqual(Math.min(have, want))
      expect(found.want).toBeLessThanOrEqual(Math.max(have, want))
    }),
  )
})

test('a story: a leap in load is followed by doubling', () => {
  const policies = [aTarget('in-flight', 1)]
  const fleet = story(aFleet({ policies, max: 100, guards: { outPace: [FOUR, DOUBLE], inPace: [HALF] } }), {
    servers: 2,
  })
  fleet.at('0s', { 'in-flight': 2 }).wants(2)
  fleet.at('1s', { 'in-flight': 40 }).wants(6, 'from 2 servers to at most 6')
  fleet.at('10s', { 'in-flight': 40 }).wants(6)
  fleet.at('16s', { 'in-flight': 40 }).wants(12)
  fleet.at('31s', { 'in-flight': 40 }).wants(24)
  fleet.at('46s', { 'in-flight': 40 }).wants(40)
  fleet.at('2m', { 'in-flight': 2 }).wants(20, 'from 40 servers to at least 20')
  fleet.at('3m', { 'in-flight': 2 }).wants(10)
})
