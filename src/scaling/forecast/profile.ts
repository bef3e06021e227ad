import { type Model, NOTHING } from './model.ts'

/** Days that a profile is made of. */
const DAYS = 7
/** Steps by which the day so far is compared with the usual one. */
const RECENT = 12
/** How far the ratio of now reaches: to a half within this share of a day. */
const FADING = 0.25
const LASTING = 0.4

/** The usual day, times how the last hour compares with the same hour of it. */
export const profileRatio: Model = {
  name: 'profile',
  fit: ({ values, season }) => (values.length < 2 * season ? null : NOTHING),
  forecast(_learned, { values, season }, ahead) {
    const usual = (step: number) => usualAt(values, values.length + step, season)
    const ratio = ratioOf(values, usual)
    return Float64Array.from({ length: ahead }, (_, step) => {
      const weight = LASTING + (1 - LASTING) * Math.exp(-step / (FADING * season))
      return usual(step) * ratio ** weight
    })
  },
}

/** Mean of the same step on the days before the end, the same day of the week counting twice. */
function usualAt(known: Float64Array, index: number, season: number): number {
  const nearest = index >= known.length ? 1 + Math.floor((index - known.length) / season) : 1
  let [sum, weights] = [0, 0]
  for (let day = nearest; day < nearest + DAYS; day++) {
    const then = index - day * season
    if (then < 0) break
    const weight = day % 7 === 0 ? 2 : 1
    sum += weight * known[then]!
    weights += weight
  }
  return weights === 0 ? 0 : sum / weights
}

function ratioOf(known: Float64Array, usual: (step: number) => number): number {
  let [is, was] = [0, 0]
  for (let step = -RECENT; step < 0; step++) {
    is += known[known.length + step]!
    was += usual(step)
  }
  return was > 0 ? Math.min(5, Math.max(0.2, is / was)) : 1
}
