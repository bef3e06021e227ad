import { logScaleOf, type Model } from './model.ts'

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
  fit(values, season) {
    if (values.length < 3 * season) return null
    const scale = logScaleOf(values)
    const logs = values.map(scale.of)
    const off = logs.map((value, index) => value - shapeAt(logs, index, season))
    const alpha = LEVELS.map((one) => ({ one, error: errorOf(off, one) })).sort(
      (a, b) => a.error - b.error,
    )[0]!.one
    return (known, ahead) => {
      const now = known.map(scale.of)
      const day = Array.from({ length: season }, (_, step) => {
        const index = now.length - season + step
        return now[index]! - shapeAt(now, index, season)
      })
      let level = 0
      for (const value of day) level += alpha * (value - level)
      const slow = day.reduce((sum, value) => sum + value, 0) / season
      return Float64Array.from({ length: ahead }, (_, step) => {
        const fade = KEPT ** ((4 * step) / season)
        return scale.back(shapeAt(now, now.length + step, season) + slow + (level - slow) * fade)
      })
    }
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
