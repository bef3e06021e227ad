import { expect, test } from 'vitest'
import type { FleetSpec } from '../../src/core/policy.ts'
import type { Decision } from '../../src/core/scaling.ts'
import { decide } from '../../src/scaling/decide.ts'
import { policiesOf } from '../../src/scaling/policies/compile.ts'
import { untranslated } from '../kit/chinese.ts'
import {
  aCalendar,
  aChange,
  aFleet,
  anEvent,
  aSchedule,
  aStep,
  aTarget,
  aView,
  NOON,
  samples,
  type ViewOver,
} from '../kit/scaling.ts'
import { story } from '../kit/story.ts'
import { World } from '../kit/world.ts'

/** Every sentence of a decision, and who says it. */
function sentences({ because, opinions }: Decision) {
  return [
    ...because.map(({ by, says }) => ({ by, says })),
    ...opinions.map(({ policy, why }) => ({ by: policy, says: why })),
  ]
}

function decided(fleet: FleetSpec, over: ViewOver): Decision {
  return decide(aView({ fleet, ...over }), policiesOf(fleet))
}

const HOT = aTarget('cpu', 0.5, 'hot')
const hot = { metrics: { cpu: 1 }, serving: 4 }
const quiet = { metrics: { cpu: 0.1 }, serving: 8 }

const CASES: Readonly<Record<string, () => Decision>> = {
  'guard:pace': () =>
    decided(
      aFleet({
        max: 50,
        policies: [HOT],
        guards: {
          outPace: [
            { servers: 1, perMs: 60_000 },
            { ratio: 0.25, perMs: 60_000 },
          ],
        },
      }),
      hot,
    ),
  'guard:flap-budget': () =>
    decided(aFleet({ policies: [HOT], guards: { flapBudget: { reversals: 1, perMs: 3_600_000 } } }), {
      ...quiet,
      changes: [aChange(2, 4, NOON - 200_000), aChange(4, 2, NOON - 100_000)],
    }),
  'guard:effect': () =>
    decided(aFleet({ max: 50, policies: [HOT], guards: { effect: { afterMs: 60_000, holdMs: 60_000 } } }), {
      ...hot,
      past: {
        samples: { cpu: samples(1, NOON - 400_000, NOON), rps: samples(9, NOON - 400_000, NOON) },
        wants: [],
      },
      changes: [aChange(2, 4, NOON - 100_000, 'policy:hot')],
    }),
  'guard:blind': () => decided(aFleet({ policies: [HOT] }), { ...hot, blind: ['api'] }),
  'guard:freshness': () => decided(aFleet({ policies: [HOT, aTarget('rps', 5, 'asked')] }), quiet),
  'guard:clock': () => decided(aFleet({ policies: [HOT] }), { ...quiet, clockHoldUntilAt: NOON + 60_000 }),
  'guard:cooldown': () =>
    decided(aFleet({ policies: [HOT], guards: { inCooldownMs: 60_000 } }), {
      ...quiet,
      changes: [aChange(9, 8, NOON - 1_000)],
    }),
  'guard:calendar': () => {
    const policies = [aCalendar([anEvent('sale', '1s', '1h', { multiplier: 3 })]), HOT]
    const fleet = story(aFleet({ max: 50, policies }), { servers: 2 })
    fleet.at('0s', { cpu: 0.5 })
    return fleet.at('1s', { cpu: 0.5 }).decision
  },
  'guard:limits': () =>
    decided(
      aFleet({
        max: 3,
        policies: [
          aStep('cpu > 50%', 0, { kind: 'add', servers: 2 }),
          aSchedule('0 8 * * *', '0 9 * * *', { max: 2 }),
        ],
      }),
      hot,
    ),
}

test.each(Object.entries(CASES))('%s speaks Chinese', (by, make) => {
  const said = sentences(make())
  expect(said.map((one) => one.by)).toContain(by)
  expect(untranslated(said.map(({ says }) => says))).toEqual([])
})

test('alerts speak Chinese', async () => {
  const world = new World({ fleet: { min: 1, max: 3 } })
  world.start()
  world.load = 100
  await world.pass(120_000)
  world.load = 4
  await world.pass(180_000)
  const told = await world.events('alert')
  expect(told).toHaveLength(2)
  expect(untranslated(told)).toEqual([])
})
