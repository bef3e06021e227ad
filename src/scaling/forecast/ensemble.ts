import { arima } from './arima.ts'
import { decomposed } from './decomposed.ts'
import { holtWinters } from './holt-winters.ts'
import type { Fitted, Model } from './model.ts'
import { lastValue, seasonalNaive } from './naive.ts'
import { profileRatio } from './profile.ts'
import { ridgeOnLags } from './ridge.ts'

export const MODELS: readonly Model[] = [
  lastValue,
  seasonalNaive('yesterday', 1),
  seasonalNaive('last-week', 7),
  profileRatio,
  holtWinters,
  ridgeOnLags,
  decomposed,
  arima,
]

/** The newest of the trials tell the weights, and these older ones only how far off such forecasts are. */
const [NEWEST, OLDER] = [12, 12]
/** Steps ahead for which models are weighed together, and tried together: so many steps apart, on the newest values that tell. */
const BLOCKS = [
  { from: 0, to: 3, trials: { reach: 12, apart: 3 } },
  { from: 3, to: 12, trials: { reach: 12, apart: 3 } },
  { from: 12, to: 72, trials: { reach: 288, apart: 24 } },
  { from: 72, to: 288, trials: { reach: 288, apart: 24 } },
] as const
/** The weight of a model is its error to this power: better ones count much more, but none counts alone. */
const POWER = -6

/** What is expected, and how far off such forecasts were: what came over what was expected, sorted, by block of steps ahead. */
export interface Expected {
  readonly values: Float64Array
  readonly ratios: readonly (readonly number[])[]
}

interface Trial {
  /** How many values it knew. */
  readonly end: number
  /** By model. */
  readonly forecasts: readonly Float64Array[]
}

type Trials = (typeof BLOCKS)[number]['trials']

/** Every model, weighed by how well it would have done of late. In trials they have learned from what was known before the first one, so none
 *  knows what came. `values` have no gaps; null = they are too few. */
export function ensemble(values: Float64Array, ahead: number, season: number): Expected | null {
  const blocks = BLOCKS.filter(({ from }) => from < ahead)
  const tried = new Map<number, Tried>()
  for (const { trials } of blocks)
    if (!tried.has(trials.reach)) tried.set(trials.reach, tryOut(values, season, trials))
  const parts = blocks.map(({ from, to, trials }) => {
    const { fitted, past } = tried.get(trials.reach)!
    const weights = weightsOf(past.slice(OLDER), values, { from, to })
    return { from, to, fitted, past, weights }
  })
  if (parts.some(({ fitted }) => fitted.length === 0)) return null
  const expected = new Float64Array(ahead)
  const forecasts = new Map(
    [...tried.values()].map((one) => [one.fitted, one.fitted.map((f) => f(values, ahead))]),
  )
  parts.forEach(({ from, to, fitted, weights }, index) => {
    const end = index === parts.length - 1 ? ahead : Math.min(to, ahead)
    for (let step = from; step < end; step++) expected[step] = mix(forecasts.get(fitted)!, weights, step)
  })
  const ratios = parts.map(({ from, to, past }) => ratiosOf(past, values, { from, to }))
  return { values: expected, ratios }
}

interface Tried {
  readonly fitted: readonly Fitted[]
  readonly past: readonly Trial[]
}

function tryOut(values: Float64Array, season: number, { reach, apart }: Trials): Tried {
  const count = OLDER + NEWEST
  const first = Math.max(0, values.length - reach - (count - 1) * apart)
  const learned = values.subarray(0, first)
  const fitted = MODELS.map((model) => model.fit(learned, season)).filter((one) => one !== null)
  const past = Array.from({ length: count }, (_, index): Trial => {
    const end = first + index * apart
    return { end, forecasts: fitted.map((forecast) => forecast(values.subarray(0, end), reach)) }
  })
  return { fitted, past }
}

interface Span {
  readonly from: number
  readonly to: number
}

function weightsOf(trials: readonly Trial[], values: Float64Array, { from, to }: Span): number[] {
  const errors = (trials[0]?.forecasts ?? []).map((_, model) => {
    let sum = 0
    for (const { end, forecasts } of trials)
      for (let step = from; step < to; step++) sum += Math.abs(forecasts[model]![step]! - values[end + step]!)
    return sum
  })
  const least = Math.max(1e-9, Math.min(...errors))
  const weights = errors.map((error) => (Math.max(error, 1e-9) / least) ** POWER)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / all)
}

function mix(forecasts: readonly Float64Array[], weights: readonly number[], step: number): number {
  return forecasts.reduce((sum, forecast, model) => sum + weights[model]! * forecast[step]!, 0)
}

/** The older trials tell the weights that the newer ones are forecast with, and the other way round: nobody is judged by what chose him. */
function ratiosOf(trials: readonly Trial[], known: Float64Array, { from, to }: Span): readonly number[] {
  const ratios: number[] = []
  const halves = [trials.slice(0, OLDER), trials.slice(OLDER)] as const
  for (const [judges, judged] of [halves, halves.toReversed()]) {
    const weights = weightsOf(judges!, known, { from, to })
    for (const { end, forecasts } of judged!)
      for (let step = from; step < to; step++) {
        const value = mix(forecasts, weights, step)
        if (value > 0) ratios.push(known[end + step]! / value)
      }
  }
  return ratios.sort((a, b) => a - b)
}

/** The share of what came that such forecasts did not fall short of, as a factor on what is expected: of `n` of the past the next one is as
 *  likely to be anywhere among them (split conformal). */
export function factorAt(ratios: readonly number[], share: number): number {
  const rank = Math.ceil(share * (ratios.length + 1))
  return ratios[Math.min(ratios.length, rank) - 1] ?? 1
}

/** Which of the blocks a step ahead, from 0, belongs to. */
export function blockOf(step: number): number {
  const index = BLOCKS.findIndex(({ to }) => step < to)
  return index < 0 ? BLOCKS.length - 1 : index
}
