import type { Experience, Trial } from '../../core/forecast.ts'
import { NEWEST, OLDER, type Past, practise } from './experience.ts'

/** Steps ahead for which models are weighed together, by which of the trials. */
const BLOCKS = [
  { from: 0, to: 3, kind: 0 },
  { from: 3, to: 12, kind: 0 },
  { from: 12, to: 72, kind: 1 },
  { from: 72, to: 288, kind: 1 },
] as const
/** The weight of a model is its error to this power: better ones count much more, but none counts alone. */
const POWER = -6

/** What is expected, and how far off such forecasts were: what came over what was expected, sorted, by block of steps ahead. */
export interface Expected {
  readonly values: Float64Array
  readonly ratios: readonly Float64Array[]
  readonly experience: Experience
}

/** Every model, weighed by how well it did of late: what it said before it knew what came. null = too little is known. */
export function ensemble(past: Past, ahead: number, before: Experience | null): Expected | null {
  const practice = practise(past, ahead, before)
  if (!practice) return null
  const { experience, says } = practice
  const expected = new Float64Array(ahead)
  const blocks = BLOCKS.filter(({ from }) => from < ahead)
  const ratios = blocks.map((block, index) => {
    const trials = overOf(experience.trials[block.kind]!, block, experience.now)
    const weights = weightsOf(trials.slice(OLDER), past, block)
    const end = index === blocks.length - 1 ? ahead : block.to
    for (let step = block.from; step < end; step++) expected[step] = mix(says, weights, step)
    return ratiosOf(trials, past, block)
  })
  return { values: expected, ratios, experience }
}

/** The newest of those whose steps of the block are over. */
function overOf(trials: readonly Trial[], { to }: Span, now: number): readonly Trial[] {
  return trials.filter(({ at }) => at + to <= now).slice(-OLDER - NEWEST)
}

interface Span {
  readonly from: number
  readonly to: number
}

/** Who knew too little in one of the trials does not count. */
function weightsOf(trials: readonly Trial[], { known, from }: Past, span: Span): number[] {
  const errors = (trials[0]?.said ?? []).map((_, model) => {
    let sum = 0
    for (const { at, said } of trials)
      for (let step = span.from; step < span.to; step++)
        sum += Math.abs(said[model]![step]! - known.values[at - from + step]!)
    return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : Math.max(sum, 1e-9)
  })
  const least = Math.min(...errors)
  return errors.map((error) => (error / least) ** POWER)
}

/** Of those who say something: one that learned anew may know too little now. */
function mix(said: readonly Float64Array[], weights: readonly number[], step: number): number {
  let [sum, all] = [0, 0]
  for (let model = 0; model < said.length; model++) {
    const value = said[model]![step]!
    if (Number.isNaN(value)) continue
    sum += weights[model]! * value
    all += weights[model]!
  }
  return sum / all
}

/** The older trials tell the weights that the newer ones are forecast with, and the other way round: nobody is judged by what chose him. */
function ratiosOf(trials: readonly Trial[], past: Past, span: Span): Float64Array {
  const ratios: number[] = []
  const halves = [trials.slice(0, OLDER), trials.slice(OLDER)] as const
  for (const [judges, judged] of [halves, halves.toReversed()]) {
    const weights = weightsOf(judges!, past, span)
    for (const { at, said } of judged!)
      for (let step = span.from; step < span.to; step++) {
        const value = mix(said, weights, step)
        if (value > 0) ratios.push(past.known.values[at - past.from + step]! / value)
      }
  }
  return Float64Array.from(ratios).sort()
}

/** The share of what came that such forecasts did not fall short of, as a factor on what is expected: of `n` of the past the next one is as
 *  likely to be anywhere among them (split conformal). */
export function factorAt(ratios: Float64Array, share: number): number {
  const rank = Math.ceil(share * (ratios.length + 1))
  return ratios[Math.min(ratios.length, rank) - 1] ?? 1
}

/** Which of the blocks a step ahead, from 0, belongs to. */
export function blockOf(step: number): number {
  const index = BLOCKS.findIndex(({ to }) => step < to)
  return index < 0 ? BLOCKS.length - 1 : index
}
