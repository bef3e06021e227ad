import type { Model } from './model.ts'

/** How quickly level and season follow what is new; the best of these is taken. A trend only adds error where days repeat. */
const LEVELS = [0.05, 0.2, 0.5, 0.9]
const SEASONS = [0.1, 0.3, 0.6]

interface Smoothed {
  readonly level: number
  readonly season: Float64Array
  /** Mean square of the errors of one step, after the first two days. */
  readonly error: number
}

/** Exponential smoothing of a level and of an additive season, on the logarithm. */
export const holtWinters: Model = {
  name: 'holt-winters',
  fit({ values, logs, season }) {
    if (values.length < 3 * season) return null
    const settings = LEVELS.flatMap((alpha) => SEASONS.map((gamma) => ({ alpha, gamma })))
    const [best] = settings
      .map((one) => ({ ...one, error: smooth(logs, season, one).error }))
      .sort((a, b) => a.error - b.error)
    return Float64Array.of(best!.alpha, best!.gamma)
  },
  forecast([alpha, gamma], { logs, season, back }, ahead) {
    const { level, season: shape } = smooth(logs, season, { alpha: alpha!, gamma: gamma! })
    return Float64Array.from({ length: ahead }, (_, step) =>
      back(level + shape[(logs.length + step) % season]!),
    )
  },
}

function smooth(
  logs: Float64Array,
  length: number,
  { alpha, gamma }: { readonly alpha: number; readonly gamma: number },
): Smoothed {
  let level = logs.subarray(0, length).reduce((sum, value) => sum + value, 0) / length
  const season = logs.slice(0, length).map((value) => value - level)
  let [error, count] = [0, 0]
  for (let index = length; index < logs.length; index++) {
    const slot = index % length
    const off = logs[index]! - level - season[slot]!
    if (index >= 2 * length) {
      error += off * off
      count++
    }
    level += alpha * off
    season[slot]! += gamma * (1 - alpha) * off
  }
  return { level, season, error: error / Math.max(1, count) }
}
