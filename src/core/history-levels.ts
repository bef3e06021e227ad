import { type Fault, userFault } from './fault.ts'
import type { HistoryQuery } from './history.ts'
import type { Millis } from './time.ts'
import { formatDuration } from './units.ts'

/** How finely the past is kept, and how far back. */
export interface Level {
  readonly stepMs: Millis
  readonly keepMs: Millis
}

/** Finest first; each step is a multiple of the one before. */
export const LEVELS = [
  { stepMs: 1_000, keepMs: 3_600_000 },
  { stepMs: 10_000, keepMs: 86_400_000 },
  { stepMs: 300_000, keepMs: 60 * 86_400_000 },
] as const satisfies readonly Level[]

export const SECONDS = LEVELS[0]
export const COARSEST = LEVELS[2]
/** A level is kept this much longer, so that a range that was right when it was asked for is still there when it is read. */
export const SLACK_MS = 60_000
export const MAX_POINTS = 20_000
const DEFAULT_POINTS = 1_000
/** What a step is chosen from: each is a multiple of every level's step below it. */
const STEPS_MS = [1, 2, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400].map((seconds) => seconds * 1_000)

/** A query of which it is clear where its points come from. */
export interface Resolved {
  /** Index in LEVELS. */
  readonly level: number
  readonly stepMs: Millis
  /** A multiple of the step. */
  readonly fromAt: Millis
  readonly toAt: Millis
}

/** Chooses step and level. Pure. Throws Fault request.invalid. */
export function resolveQuery({ fromAt, toAt, stepMs }: HistoryQuery, now: Millis): Resolved {
  if (!(fromAt < toAt)) throw invalid('the range is empty: `from` must lie before `to`')
  if (stepMs !== null && !(stepMs >= SECONDS.stepMs && stepMs % SECONDS.stepMs === 0))
    throw invalid('the step must be a whole number of seconds, at least 1s')
  const from = Math.max(fromAt, now - COARSEST.keepMs)
  const to = Math.max(from, Math.min(toAt, now + SECONDS.stepMs))
  const asked = stepMs ?? chosenStep(from, to, now)
  // A coarser step may begin earlier, where only a coarser level reaches.
  let finest = finestAt(from, now)
  let step = ceilTo(asked, LEVELS[finest]!.stepMs)
  finest = finestAt(floorTo(from, step), now)
  step = ceilTo(asked, LEVELS[finest]!.stepMs)
  const start = floorTo(from, step)
  if ((to - start) / step > MAX_POINTS) throw tooMany(to - from)
  const exact = LEVELS.findIndex((level) => level.stepMs === step)
  return { level: Math.max(exact, finest), stepMs: step, fromAt: start, toAt: to }
}

export function floorTo(at: Millis, stepMs: Millis): Millis {
  return Math.floor(at / stepMs) * stepMs
}

function ceilTo(at: Millis, stepMs: Millis): Millis {
  return Math.ceil(at / stepMs) * stepMs
}

/** The first level that reaches back so far. */
function finestAt(at: Millis, now: Millis): number {
  const index = LEVELS.findIndex(({ keepMs }) => at >= now - keepMs - SLACK_MS)
  return index < 0 ? LEVELS.length - 1 : index
}

function chosenStep(from: Millis, to: Millis, now: Millis): Millis {
  const least = LEVELS[finestAt(from, now)]!.stepMs
  return STEPS_MS.find((step) => step >= least && (to - from) / step <= DEFAULT_POINTS) ?? STEPS_MS.at(-1)!
}

function tooMany(spanMs: Millis): Fault {
  const least = STEPS_MS.find((step) => spanMs / step <= MAX_POINTS - 1) ?? STEPS_MS.at(-1)!
  return invalid(`more than ${MAX_POINTS} points; take a step of at least ${formatDuration(least)}`)
}

function invalid(message: string): Fault {
  return userFault('request.invalid', message)
}
