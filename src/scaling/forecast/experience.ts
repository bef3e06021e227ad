import type { Experience, Trial } from '../../core/forecast.ts'
import { arima } from './arima.ts'
import { decomposed } from './decomposed.ts'
import { holtWinters } from './holt-winters.ts'
import { type Known, knownOf, type Model, ofPeriod } from './model.ts'
import { daysAgo, lastValue } from './naive.ts'
import { periodOf } from './period.ts'
import { profileRatio } from './profile.ts'
import { ridgeOnLags } from './ridge.ts'

export const MODELS: readonly Model[] = [
  lastValue,
  daysAgo('yesterday', 1),
  daysAgo('last-week', 7),
  profileRatio,
  holtWinters,
  ridgeOnLags,
  decomposed,
  arima,
  ofPeriod(profileRatio),
  ofPeriod(holtWinters),
  ofPeriod(ridgeOnLags),
]
/** So many trials tell the weights, and as many older ones only how far off such forecasts are. */
export const [NEWEST, OLDER] = [12, 12]
/** Trials that reach so many steps ahead begin so many apart. The longer ones are only made for those who look beyond the shorter ones. */
export const TRIALS = [
  { reach: 12, apart: 3 },
  { reach: 288, apart: 24 },
] as const
/** Models learn anew after so many steps, one after the other. */
const RELEARN = 144
/** After a longer silence it is not worth while to try out all that was missed. */
const LONGEST = 72

type Kind = (typeof TRIALS)[number]

/** What is known, and where in time: the step of the first value. */
export interface Past {
  readonly known: Known
  readonly from: number
}

/** What was learned, and what all models say now of at least the `ahead` next steps. */
export interface Practice {
  readonly experience: Experience
  readonly says: readonly Float64Array[]
}

/** Experience, and what has come since. Nothing is kept of the values themselves, so one that comes late or was measured again counts from the
 *  next forecast on, in what models learned when they learn anew. null = too little is known. */
export function practise(past: Past, ahead: number, before: Experience | null): Practice | null {
  const base = before && isOf(before, past, ahead) ? before : begun(past, ahead)
  if (base === null) return null
  const now = past.from + past.known.values.length
  const period = isDue(0, base.period.at, now) ? { at: now, steps: periodOf(past.known) } : base.period
  const known = { ...past.known, period: period.steps }
  const fits = base.fits.map((fit, index) =>
    isDue(index, fit.at, now) ? { at: now, learned: MODELS[index]!.fit(known) } : fit,
  )
  const begin = TRIALS.slice(0, base.trials.length).filter((kind) => lastBefore(now, kind) === now)
  const reach = Math.max(ahead, ...begin.map((kind) => kind.reach))
  const says = said(fits, past.known, reach)
  const trials = base.trials.map((made, kind) => triedOn(made, TRIALS[kind]!, { past, base, now, says }))
  return { experience: { from: past.from, now, period, fits, trials }, says }
}

/** Is it of this load, and near enough? One whose past begins earlier than before was given another. */
function isOf(before: Experience, { known, from }: Past, ahead: number): boolean {
  const silence = from + known.values.length - before.now
  const oldest = Math.min(...before.trials.flatMap((trials) => trials[0]?.at ?? []))
  return (
    before.from <= from &&
    oldest > from &&
    silence >= 0 &&
    silence <= LONGEST &&
    kindsFor(ahead) <= before.trials.length
  )
}

function kindsFor(ahead: number): number {
  return ahead > TRIALS[0].reach ? 2 : 1
}

/** As if it had learned before the first of the trials that are wanted, and nothing since. */
function begun({ known, from }: Past, ahead: number): Experience | null {
  const now = from + known.values.length
  const kinds = TRIALS.slice(0, kindsFor(ahead))
  const firsts = kinds.map((kind) => lastBefore(now - kind.reach, kind) - (OLDER + NEWEST - 1) * kind.apart)
  const first = Math.min(...firsts)
  if (first <= from) return null
  const whole = until({ known, from }, first)
  const period = { at: first, steps: periodOf(whole) }
  const then = { ...whole, period: period.steps }
  const fits = MODELS.map((model) => ({ at: first, learned: model.fit(then) }))
  return { from, now: first - 1, period, fits, trials: kinds.map(() => []) }
}

function lastBefore(step: number, { apart }: Kind): number {
  return Math.floor(step / apart) * apart
}

function until({ known, from }: Past, step: number): Known {
  return knownOf(known.values.subarray(0, step - from), known.day)
}

/** At other times for each model, so that no forecast has to wait for all of them. */
function isDue(index: number, learnedAt: number, now: number): boolean {
  const turn = (step: number) => Math.floor(step / RELEARN + index / MODELS.length)
  return turn(now) > turn(learnedAt)
}

interface Since {
  readonly past: Past
  readonly base: Experience
  readonly now: number
  readonly says: readonly Float64Array[]
}

/** Those that began since are tried with what was learned before them. */
function triedOn(made: readonly Trial[], kind: Kind, { past, base, now, says }: Since): readonly Trial[] {
  const trials = [...made]
  const wanted = OLDER + NEWEST + Math.ceil(kind.reach / kind.apart)
  const last = lastBefore(now, kind)
  const oldest = last - (wanted - 1) * kind.apart
  for (let at = Math.max(oldest, lastBefore(base.now, kind) + kind.apart); at <= last; at += kind.apart) {
    const all = at === now ? says : said(base.fits, until(past, at), kind.reach)
    trials.push({ at, said: all.map((one) => one.slice(0, kind.reach)) })
  }
  return trials.filter(({ at }) => at >= oldest)
}

function said(fits: Experience['fits'], known: Known, ahead: number): Float64Array[] {
  return MODELS.map((model, index) => {
    const { learned } = fits[index]!
    return learned ? model.forecast(learned, known, ahead) : new Float64Array(ahead).fill(Number.NaN)
  })
}
