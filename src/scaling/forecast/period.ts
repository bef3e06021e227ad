/** A correlation below this is no period. */
const LEAST = 0.3
/** A longer period has to be so much better than one that it is a multiple of. */
const BETTER = 0.05

/** The lag at which the values repeat themselves, of those from `least` to `most`: the shortest whose autocorrelation is a peak and about as
 *  high as the highest. null = they do not, or there are too few of them. */
export function periodOf(values: Float64Array, least: number, most: number): number | null {
  const longest = Math.min(most, Math.floor(values.length / 2))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const centred = values.map((value) => value - mean)
  const correlations = Array.from({ length: Math.max(0, longest + 2 - least) }, (_, index) =>
    correlation(centred, least - 1 + index),
  )
  const peaks = correlations
    .map((height, index) => ({ height, lag: least - 1 + index }))
    .filter(({ height, lag }, index, all) => {
      const inside = lag >= least && lag <= longest
      return (
        inside &&
        height > LEAST &&
        height >= (all[index - 1]?.height ?? 0) &&
        height >= (all[index + 1]?.height ?? 0)
      )
    })
  const highest = Math.max(...peaks.map(({ height }) => height))
  return peaks.find(({ height }) => height >= highest - BETTER)?.lag ?? null
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
