import type { Model } from './model.ts'

/** Steps before and after that a season's step is smoothed over. */
const SMOOTH = 2
/** How quickly the level follows; the best of these is taken. */
const LEVELS = [0.05, 0.15, 0.4, 0.8]
/** How much of a deviation of now is left a quarter of a day later. */
const KEPT = 0.5

/** The usual shape of a day, smoothed over neighbouring steps, and the level that moves around it; on the logarithm. The level of now fades
 *  into that of the last day. */
export const decomposed: Model = {
  name: 'decomposed',
  fit({ values, logs, season }) {
    if (values.length < 3 * season) return null
    const off = logs.map((value, index) => value - shapeAt(logs, index, season))
    const [best] = LEVELS.map((one) => ({ one, error: errorOf(off, one) })).sort((a, b) => a.error - b.error)
    return Float64Array.of(best!.one)
  },
  forecast([alpha], { logs, season, back }, ahead) {
    let [level, sum] = [0, 0]
    for (let index = logs.length - season; index < logs.length; index++) {
      const off = logs[index]! - shapeAt(logs, index, season)
      level += alpha! * (off - level)
      sum += off
    }
    const slow = sum / season
    return Float64Array.from({ length: ahead }, (_, step) => {
      const fade = KEPT ** ((4 * step) / season)
      return back(shapeAt(logs, logs.length + step, season) + slow + (level - slow) * fade)
    })
  },
}

/** The mean over the days before, of the steps around. */
function shapeAt(logs: Float64Array, index: number, season: number): number {
  let [sum, count] = [0, 0]
  for (let then = index - season; then >= 0; then -= season) {
    for (let step = then - SMOOTH; step <= then + SMOOTH; step++) {
      const value = logs[step]
      if (value === undefined) continue
      sum += value
      count++
    }
  }
  return count === 0 ? (logs[index] ?? 0) : sum / count
}

function errorOf(off: Float64Array, alpha: number): number {
  let [level, error] = [0, 0]
  for (const value of off) {
    error += Math.abs(value - level)
    level += alpha * (value - level)
  }
  return error
}
