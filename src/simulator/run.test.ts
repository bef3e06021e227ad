import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { hpa } from './rivals/hpa.ts'
import { RIVALS } from './rivals/table.ts'
import { clairvoyantHours, type Moment, nameOf, run } from './run.ts'
import { type ScenarioOptions, scenarioOf } from './scenario.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const OPTIONS: ScenarioOptions = {
  world: {
    server: { slots: 8, capacity: 80 },
    startup: { medianMs: 2 * MINUTE, sigma: 0, failing: 0 },
    longestWaitMs: 5000,
    stepMs: 15_000,
  },
  peakServers: 40,
  warmMs: DAY,
  min: 2,
  max: null,
  objectiveMs: 250,
  seed: 1,
}

/** Days that rise and fall like a cosine, a value a minute. */
function days(count: number) {
  const values = Float64Array.from(
    { length: count * 1440 },
    (_, minute) => 2 - Math.cos((minute / 1440) * 2 * Math.PI),
  )
  return { startAt: 0, stepMs: MINUTE, values }
}

const scenario = (over: Partial<ScenarioOptions> = {}) => scenarioOf(days(3), { ...OPTIONS, ...over })

test('a trace is scaled to its peak, and half of it at most is history', () => {
  const { peakRps, warmSteps, max, arrivals } = scenario({ warmMs: 7 * DAY })
  expect(peakRps).toBeCloseTo(40 * 80 * 0.7)
  expect(warmSteps).toBe(arrivals.length / 2)
  expect(max).toBe(80)
  expect(scenario({ peakServers: null }).peakRps).toBe(3)
})

test('a fleet for the peak costs what it is compared with', () => {
  const fixed = RIVALS.find(({ name }) => name === 'fixed')!
  const outcome = run(scenario(), { rival: fixed, target: 0.7 })
  expect(outcome).toMatchObject({ name: 'fixed@70', droppedPct: 0, costToFixedPeak: 1, changesPerDay: 0 })
  expect(outcome.serverHours).toBe(40 * 48)
  expect(outcome.violationsPct).toBeLessThan(0.1)
  expect(outcome.costToClairvoyant).toBeCloseTo(outcome.serverHours / clairvoyantHours(scenario()), 9)
})

test('every rival follows a calm day for little more than the clairvoyant', () => {
  for (const rival of RIVALS.filter(({ target, name }) => target !== null && name !== 'fixed')) {
    const outcome = run(scenario(), { rival, target: 0.7 })
    expect(outcome.violationsPct, outcome.name).toBeLessThan(0.5)
    expect(outcome.costToClairvoyant, outcome.name).toBeGreaterThan(1)
    expect(outcome.costToClairvoyant, outcome.name).toBeLessThan(1.35)
    expect(outcome.changesPerDay, outcome.name).toBeGreaterThan(5)
  }
})

test('less target costs more and violates less', () => {
  const at = (target: number) => run(scenario(), { rival: hpa, target })
  const [full, empty] = [at(0.8), at(0.5)]
  expect(full.costToClairvoyant).toBeLessThan(empty.costToClairvoyant)
  expect(full.violationsPct).toBeGreaterThan(empty.violationsPct)
  expect(full.p99WaitMs).toBeGreaterThan(empty.p99WaitMs)
  expect(full.underTimePct).toBeGreaterThan(empty.underTimePct)
  expect(full.overProvisionedPct).toBeLessThan(empty.overProvisionedPct)
})

test('a server that has to be attached serves later', () => {
  const servedAfter = (rival: (typeof RIVALS)[number]) => {
    const moments: Moment[] = []
    run(scenario(), { rival, target: 0.7 }, (moment) => moments.push(moment))
    const grew = moments.findIndex(({ had, want }) => want > had)
    return moments.findIndex(({ serving }, index) => index > grew && serving > moments[grew]!.serving) - grew
  }
  const named = (name: string) => RIVALS.find((rival) => rival.name === name)!
  expect(servedAfter(named('hpa'))).toBe(9)
  expect(servedAfter(named('ess'))).toBe(13)
})

test('every reason is told in Chinese', () => {
  const reasons = new Set<string>()
  for (const rival of RIVALS) run(scenario(), { rival, target: 0.6 }, ({ why }) => reasons.add(why))
  expect(reasons.size).toBeGreaterThan(50)
  expect(untranslated(reasons)).toEqual([])
})

test('the same seed gives the same outcome, another seed another', () => {
  const at = (seed: number) => run(scenario({ seed }), { rival: hpa, target: 0.7 })
  expect(at(1)).toEqual(at(1))
  expect(at(1)).not.toEqual(at(2))
})

test('every rival has a name of its own and a source', () => {
  expect(new Set(RIVALS.map(({ name }) => name)).size).toBe(RIVALS.length)
  expect(RIVALS.every(({ source }) => source.length > 20)).toBe(true)
  expect(nameOf({ rival: hpa, target: 0.6 })).toBe('hpa@60')
})
