import { expect, test } from 'vitest'
import { aFleet, aTarget } from '../../../test/kit/scaling.ts'
import { watched } from '../../../test/kit/scene.ts'
import { policiesOf } from '../../scaling/policies/compile.ts'
import { run } from '../run.ts'
import { scenarioOf } from '../scenario.ts'
import { tidegate } from './tidegate.ts'

function deciding(guards: Parameters<typeof aFleet>[0] = {}) {
  return (target: number) => {
    const fleet = aFleet({ policies: [aTarget('rps-per-server', 80 * target, 'busy')], ...guards })
    return { fleet, policies: policiesOf(fleet) }
  }
}

test('it is the decision of a controller: target, tolerance and limits', () => {
  const fleet = watched(tidegate(deciding()).create(0.5), { have: 10 })
  expect(fleet.after(15, { rps: 430 })).toBe(10)
  expect(fleet.after(15, { rps: 800 })).toBe(20)
  expect(fleet.after(15, { rps: 80_000 })).toBe(1000)
})

test('guards hold it, on what it remembers', () => {
  const patient = deciding({
    guards: { inPatienceMs: 300_000, inCooldownMs: 60_000, inPace: [{ servers: 4, perMs: 60_000 }] },
  })
  const fleet = watched(tidegate(patient).create(0.5), { have: 20 })
  expect(fleet.after(300, { rps: 800 })).toBe(20)
  expect(fleet.after(285, { rps: 400 })).toBe(20)
  expect(fleet.after(15, { rps: 400 })).toBe(16)
  expect(fleet.after(45, { rps: 400 })).toBe(16)
  expect(fleet.after(15, { rps: 400 })).toBe(12)
})

test('servers that join help, so the guard effect lets it go on', () => {
  const values = Float64Array.from({ length: 120 }, (_, minute) => 10 + minute)
  const scenario = scenarioOf(
    { startAt: 0, stepMs: 60_000, values },
    {
      world: {
        server: { slots: 8, capacity: 80 },
        startup: { medianMs: 300_000, sigma: 0, failing: 0 },
        longestWaitMs: 5000,
        stepMs: 15_000,
      },
      peakServers: 40,
      warmMs: 0,
      min: 1,
      max: null,
      objectiveMs: 250,
      seed: 1,
    },
  )
  const rival = tidegate(deciding({ guards: { effect: { afterMs: 120_000, holdMs: 600_000 } } }))
  const reasons: string[] = []
  const outcome = run(scenario, { rival, target: 0.6 }, ({ why }) => reasons.push(why))
  expect(reasons.filter((why) => why.includes('guard:effect'))).toEqual([])
  expect(outcome.violationsPct).toBeLessThan(1)
})
