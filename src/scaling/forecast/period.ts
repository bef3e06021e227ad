import type { Known } from './model.ts'

/** Shorter ones are hardly told from a load that changes slowly. */
const SHORTEST = 6
/** A correlation below this is no period. */
const LEAST = 0.3
/** A longer period has to be so much better than one that it is a multiple of. A day is one of whatever divides it, so it has to be worse by this. */
const BETTER = 0.05
/** Days without which nothing is said. */
const DAYS = 3

/** The values after which a load repeats itself more clearly than after a day, from half an hour to a day: the shortest lag whose
 *  autocorrelation is a peak and about as high as the highest. null = there is none, or too little is known. */
export function periodOf({ logs, day }: Pick<Known, 'logs' | 'day'>): number | null {
  if (logs.length < DAYS * day) return null
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length
  const centred = logs.map((value) => value - mean)
  const heights = Float64Array.from({ length: day + 1 }, (_, lag) =>
    lag < SHORTEST - 1 ? 0 : correlation(centred, lag),
  )
  const isPeak = (lag: number) =>
    heights[lag]! > LEAST && heights[lag]! >= heights[lag - 1]! && heights[lag]! >= heights[lag + 1]!
  const peaks = Array.from({ length: day - SHORTEST }, (_, index) => SHORTEST + index).filter(isPeak)
  const highest = Math.max(...peaks.map((lag) => heights[lag]!))
  if (!(highest > heights[day]! + BETTER)) return null
  return peaks.find((lag) => heights[lag]! >= highest - BETTER) ?? null
}

/** Of values around 0 with those of `lag` before, between -1 and 1. */
function correlation(centred: Float64Array, lag: number): number {
  let [product, a, b] = [0, 0, 0]
  for (let index = lag; index < centred.length; index++) {
    const [now, then] = [centred[index]!, centred[index - lag]!]
    product += now * then
    a += now * now
    b += then * then
  }
  return a > 0 && b > 0 ? product / Math.sqrt(a * b) : 0
}
