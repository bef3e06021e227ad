import { expect, test } from 'vitest'
import { untranslated } from '../../../test/kit/chinese.ts'
import { aFleet, aTarget, ofCapacity } from '../../../test/kit/scaling.ts'
import type { FleetSpec } from '../../core/policy.ts'
import type { TuningQuestion } from '../../core/tuning.ts'
import { TUNING_AIMS } from '../../core/tuning-spec.ts'
import { study } from './study.ts'

const STEP = 300_000
const A_DAY = 288

/** Two waves, a day each; every server carries 80 requests a second. */
function aQuestion(fleet: Partial<FleetSpec>, over: Partial<TuningQuestion> = {}): TuningQuestion {
  const load = Array.from({ length: 2 * A_DAY }, (_, step) => ({
    at: step * STEP,
    value: 400 + 300 * Math.sin((2 * Math.PI * step) / A_DAY),
  }))
  return {
    fleet: aFleet({ min: 2, max: 40, ...fleet }),
    aims: { ...TUNING_AIMS, days: 2 },
    load,
    stepMs: STEP,
    server: { capacity: 80, slots: 8 },
    surelyRps: null,
    startup: { medianMs: 60_000, sigma: 0.2 },
    price: { each: 0.5, currency: 'CNY' },
    servers: null,
    ...over,
  }
}

const target = (value: number) => ({ policies: [aTarget('rps-per-server', value)] })

test('a target that leaves servers idle is raised, by one step at first, with what that saves', () => {
  const { proposal, days, trials, says } = study(aQuestion(target(30)))
  expect(days).toBe(2)
  const key = 'policies.target-rps-per-server.value'
  expect(proposal).toMatchObject({
    kind: 'saving',
    changes: [{ key, from: 30, to: 33 }],
    next: [{ key, from: 30, to: 31.5 }],
    days: 1,
    goodDays: 1,
  })
  expect(proposal!.saving).toBeGreaterThan(0.07)
  expect(proposal!.nextSaving).toBeLessThan(proposal!.saving)
  expect(proposal!.monthly!.amount).toBeCloseTo(
    (proposal!.before.serverHours - proposal!.after.serverHours) * 30 * 0.5,
  )
  expect(trials[0]!.changes).toEqual(proposal!.changes)
  expect(says).toContain('target-rps-per-server 30/s -> 33/s would save')
  expect(untranslated([says])).toEqual([])
})

test('where too many wait, the target is lowered, and what that costs is told', () => {
  const { proposal, says } = study(aQuestion(target(66)))
  expect(proposal).toMatchObject({ kind: 'relief' })
  expect(proposal!.changes[0]!.to).toBeLessThan(66)
  expect(proposal!.saving).toBeLessThan(0)
  expect(proposal!.after.late).toBeLessThan(0.75 * proposal!.before.late)
  expect(says).toContain('would cost')
  expect(untranslated([says])).toEqual([])
})

test('a share is one of what its controller takes a server to carry for sure', () => {
  const aims = { ...TUNING_AIMS, days: 2, bounds: { least: 1, most: 1 } }
  const hoursOf = (policies: FleetSpec['policies'], surelyRps: number | null) =>
    study(aQuestion({ policies }, { aims, surelyRps })).now!.chosen.serverHours
  const share = [ofCapacity('rps-per-server', 0.5)]
  expect(hoursOf(share, 60)).toBe(hoursOf(target(30).policies, 60))
  expect(hoursOf(share, 60)).toBeGreaterThan(hoursOf(share, 80))
})

test('nothing is proposed where every neighbour is worse', () => {
  const aims = { ...TUNING_AIMS, days: 2, late: 0.0002, bounds: { least: 0.95, most: 1.02 } }
  const { proposal, says, now } = study(aQuestion(target(48), { aims }))
  expect(proposal).toBeNull()
  expect(now).not.toBeNull()
  expect(says).toBe('no neighbour saves at least 2 % without more late requests than may be')
  expect(untranslated([says])).toEqual([])
})

test('nothing is proposed without knowledge, and the reason is told', () => {
  const why = (fleet: Partial<FleetSpec>, over: Partial<TuningQuestion> = {}) => {
    const { proposal, says } = study(aQuestion(fleet, over))
    expect(proposal).toBeNull()
    expect(untranslated([says])).toEqual([])
    return says
  }
  const { load } = aQuestion({})
  expect(why(target(48), { server: null })).toMatch(/what a server carries is not known/)
  expect(why(target(48), { load: [] })).toBe(
    'too little history: 0 whole days of its load are known, and 2 are needed',
  )
  expect(why(target(48), { load: load.filter(({ at }) => at % (2 * STEP) === 0) })).toMatch(/not measured/)
  expect(why({ policies: [aTarget('memory', 0.7)] })).toMatch(/go by memory, which a replay/)
  expect(why({ policies: [] })).toBe('no policy of it has a value that could be tuned')
  expect(why(target(48), { servers: 30 })).toMatch(/there were 30.0: it does not know this fleet/)
})

test('a policy that looks ahead has days before those that are replayed', () => {
  const seasonal = { type: 'seasonal', name: 'before', metric: 'rps-per-server', value: 48 } as const
  const fleet = { policies: [aTarget('rps-per-server', 48), seasonal] }
  const { load } = aQuestion({})
  const before = load.slice(0, A_DAY).map(({ at, value }) => ({ at: at - A_DAY * STEP, value }))
  const { days, warmDays, trials } = study(aQuestion(fleet, { load: [...before, ...load] }))
  expect([days, warmDays]).toEqual([2, 1])
  expect(trials.some(({ changes }) => changes.length === 2)).toBe(true)
})
