import type { FleetSpec, GuardSpec, Pace, PolicySpec } from '../../src/core/policy.ts'
import type { Chance } from '../kit/chance.ts'
import { aCalendar, anEvent, aSchedule, aStep, aTarget } from '../kit/scaling.ts'
import type { Config } from './story.ts'

const MINUTE = 60_000
/** What the policies of stories read: of the balancer, of the fleet, and of a source that tells once a minute. */
export const METRICS_OF_STORIES = ['in-flight-per-server', 'rps', 'cpu', 'p95', 'queue'] as const
export const QUEUE = {
  unit: 'count',
  from: 'source:shop',
  perServer: false,
  help: 'jobs that wait',
  freshMs: 3 * MINUTE,
} as const
/** Of a server at its best: requests in flight, and a second. */
export const CARRIES = { inFlight: 8, rps: 160 }

/** A fleet as somebody might have it. */
export function configOf(chance: Chance): Config {
  const min = chance.oneOf([0, 1, 1, 2, 3])
  const max = min + chance.whole(1, 10)
  return {
    min,
    max,
    pools: chance.oneOf([['api'], ['api'], ['api', 'admin']]),
    metrics: { queue: QUEUE },
    startupMs: chance.oneOf([30_000, MINUTE]),
    drainMs: chance.oneOf([2_000, 10_000, 30_000, null]),
    reserve: chance.oneOf([0, 0, 0, 1, 2]),
    replace: { surge: chance.whole(0, 2), unhealthyMs: chance.oneOf([null, 20_000, 2 * MINUTE]) },
    policies: policiesOf(chance, { min, max }),
    guards: guardsOf(chance),
  }
}

function policiesOf(
  chance: Chance,
  { min, max }: { readonly min: number; readonly max: number },
): readonly PolicySpec[] {
  const within = () => chance.whole(min, max)
  const minute = () => chance.whole(0, 4)
  const all: readonly PolicySpec[] = [
    aTarget('in-flight-per-server', CARRIES.inFlight),
    aTarget('rps', CARRIES.rps),
    aTarget('queue', 10),
    aStep('cpu > 80%', chance.oneOf([0, 20_000]), { kind: 'add', ratio: 0.2 }, 'hot'),
    aStep('cpu < 30%', chance.oneOf([0, 30_000]), { kind: 'remove', servers: 1 }, 'cool'),
    aStep('in-flight > 40 or queue > 30', 0, { kind: 'set', servers: within() }, 'level'),
    aStep('cpu < 20% and queue < 5', 10_000, { kind: 'remove', ratio: 0.3 }, 'idle'),
    anAhead('seasonal', chance),
    anAhead('forecast', chance),
    aStep('p95 > 200ms', chance.oneOf([0, 10_000]), { kind: 'add', servers: 2 }, 'slow'),
    aSchedule(`${minute()} * * * *`, `${minute() + 2} * * * *`, scheduleOf(chance, within())),
    aCalendar([
      anEvent('sale', `${minute() * 30}s`, `${150 + minute() * 30}s`, {
        multiplier: chance.oneOf([null, 1.5, 3]),
        min: within(),
      }),
    ]),
  ]
  const drawn = all.filter(() => chance.draw() < 0.3)
  return drawn.length > 0 || chance.draw() < 0.2 ? drawn : [chance.oneOf(all.slice(0, 2))]
}

/** Of a load that the history has whole, or times the servers of then. */
function anAhead(type: 'seasonal' | 'forecast', chance: Chance): PolicySpec {
  const { metric, value } = chance.oneOf([
    { metric: 'in-flight-per-server', value: CARRIES.inFlight },
    { metric: 'rps', value: CARRIES.rps },
    { metric: 'queue', value: 10 },
  ])
  return { type, name: type, metric, value }
}

function scheduleOf(chance: Chance, servers: number): { readonly min?: number; readonly max?: number } {
  return chance.draw() < 0.5 ? { min: servers } : { max: servers }
}

function guardsOf(chance: Chance): GuardSpec {
  const wait = () => chance.oneOf([0, 0, 10_000, MINUTE])
  const pace = (): readonly Pace[] =>
    chance.oneOf<readonly Pace[]>([
      [],
      [],
      [{ servers: 2, perMs: 30_000 }],
      [
        { ratio: 0.5, perMs: MINUTE },
        { servers: 1, perMs: 20_000 },
      ],
    ])
  return {
    outPatienceMs: chance.oneOf([0, 0, 5_000]),
    inPatienceMs: wait(),
    outCooldownMs: wait(),
    inCooldownMs: wait(),
    outPace: pace(),
    inPace: pace(),
    flapBudget: chance.oneOf([null, { reversals: 2, perMs: 2 * MINUTE }]),
    effect: chance.oneOf([null, { afterMs: 20_000, holdMs: MINUTE }]),
    freshMs: chance.oneOf([10_000, 30_000]),
  }
}

/** As a file has to be: no window asks for more than the fleet's max, or allows less than its min. */
export function loadable(fleet: FleetSpec): FleetSpec {
  const { min: least, max: most } = fleet
  const low = (min: number | null) => min && Math.min(min, most)
  const high = (max: number | null) => max && Math.max(max, least)
  const policies = fleet.policies.map((policy): PolicySpec => {
    if (policy.type === 'schedule') return { ...policy, min: low(policy.min), max: high(policy.max) }
    if (policy.type !== 'calendar') return policy
    return { ...policy, events: policy.events.map((event) => ({ ...event, min: low(event.min) })) }
  })
  return { ...fleet, policies }
}
