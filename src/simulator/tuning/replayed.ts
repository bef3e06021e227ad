import type { Sample } from '../../core/metrics.ts'
import type { FleetSpec } from '../../core/policy.ts'
import type { Millis } from '../../core/time.ts'
import type { SettingChange, TuningQuestion } from '../../core/tuning.ts'
import { policiesOf } from '../../scaling/policies/compile.ts'
import { withChanges } from '../../scaling/tuning/neighbours.ts'
import { type Deciding, tidegate } from '../rivals/tidegate.ts'
import { type Scenario, scenarioOf } from '../scenario.ts'
import { traceOfSamples } from '../trace/read.ts'
import { DAY, type Day, daysOf } from './days.ts'

/** Fewer leave none that could confirm what others chose. */
export const FEWEST_DAYS = 2
/** Policies that look ahead know the week before. */
const MOST_WARM_DAYS = 7
/** Days with less of their load known say little. */
const KNOWN_SHARE = 0.8
const STEP_MS: Millis = 15_000
const LONGEST_WAIT_MS: Millis = 5_000
const DRAIN_MS: Millis = 30_000
/** What the simulated world tells a policy. */
const TOLD = ['cpu', 'rps', 'rps-per-server', 'in-flight', 'in-flight-per-server', 'throughput']

type Server = NonNullable<TuningQuestion['server']>

/** The days of a fleet, ready to be run through with any settings. */
export interface Replayed {
  readonly days: number
  readonly warmDays: number
  /** Whole days after the warm-up. */
  run(changes: readonly SettingChange[], seed: number): readonly Day[]
}

/** A text = why its days cannot be replayed. */
export function replayedOf(question: TuningQuestion): Replayed | string {
  const { fleet, server } = question
  const policies = policiesOf(fleet)
  const untold = policies.flatMap(({ metrics }) => metrics.filter((one) => !TOLD.includes(one)))
  if (untold.length > 0)
    return `its policies go by ${[...new Set(untold)].join(', ')}, which a replay of its load cannot tell`
  if (!fleet.policies.some((policy) => 'value' in policy))
    return 'no policy of it has a value that could be tuned'
  if (server === null)
    return 'what a server carries is not known: give the fleet a capacity, or wait until it is learned'
  const looksAhead = policies.some((policy) => policy.looksAhead !== undefined)
  const span = spanOf(question, looksAhead)
  return typeof span === 'string' ? span : replayOf({ ...question, server }, span)
}

interface Span {
  readonly days: number
  readonly warmDays: number
  readonly load: readonly Sample[]
}

/** Whole days back from the newest sample. */
function spanOf({ load, stepMs, aims }: TuningQuestion, looksAhead: boolean): Span | string {
  const endAt = (load.at(-1)?.at ?? 0) + stepMs
  const known = Math.floor((endAt - (load[0]?.at ?? endAt)) / DAY + 0.01)
  const warmDays = looksAhead ? Math.max(1, Math.min(MOST_WARM_DAYS, known - aims.days)) : 0
  const days = Math.min(aims.days, known - warmDays)
  if (days < FEWEST_DAYS)
    return `too little history: ${known} whole days of its load are known, and ${FEWEST_DAYS + warmDays} are needed`
  const fromAt = endAt - (days + warmDays) * DAY
  const inside = load.filter(({ at }) => at >= fromAt)
  if (inside.length * stepMs < KNOWN_SHARE * (endAt - fromAt))
    return 'too little history: more than a fifth of these days was not measured'
  return { days, warmDays, load: inside }
}

function replayOf(question: TuningQuestion & { readonly server: Server }, span: Span): Replayed | string {
  const read = traceOfSamples(span.load, question.stepMs)
  if (!read.ok) return read.problems.join('; ')
  const { fleet, aims, server, surelyRps, startup } = question
  const scenarios = new Map<number, Scenario>()
  const scenarioFor = (seed: number): Scenario =>
    scenarioOf(read.trace, {
      world: {
        server,
        startup: { ...startup, failing: 0 },
        longestWaitMs: Math.max(LONGEST_WAIT_MS, 2 * aims.objectiveMs),
        drainMs: fleet.drainMs ?? DRAIN_MS,
        stepMs: STEP_MS,
      },
      peakServers: null,
      warmMs: span.warmDays * DAY,
      min: fleet.min,
      max: fleet.max,
      objectiveMs: aims.objectiveMs,
      seed,
    })
  return {
    days: span.days,
    warmDays: span.warmDays,
    run(changes, seed) {
      const known = { usualStartupMs: startup.medianMs, capacityRps: fleet.capacityRps ?? surelyRps }
      const tried = decidingOf(withChanges({ ...fleet, ...known }, changes))
      const scenario = scenarios.get(seed) ?? scenarioFor(seed)
      scenarios.set(seed, scenario)
      const rival = tidegate(() => tried, null)
      return daysOf({ ...scenario, min: tried.fleet.min }, { rival, target: 1 })
    },
  }
}

function decidingOf(fleet: FleetSpec): Deciding {
  return { fleet, policies: policiesOf(fleet) }
}
