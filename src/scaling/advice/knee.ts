import { median } from '../../core/sums.ts'

const BINS = 20
const FEWEST_A_BIN = 5
/** How far below the straight line the curve must lie at its knee, as a share of its height. */
const DEPTH = 0.15
/** A latency that rises less has no knee. */
const RISE = 1.5

/** Where a curve that rises slowly and then steeply turns: Kneedle (V. Satopää, J. Albrecht, D. Irwin and B. Raghavan, "Finding a 'kneedle' in
 *  a haystack", 2011), on medians of bins of as many pairs each. Null = it does not turn. */
export function kneeOf(x: Float64Array, y: Float64Array): number | null {
  const pairs = [...x.keys()]
    .flatMap((index) =>
      Number.isNaN(x[index]!) || Number.isNaN(y[index]!) ? [] : [{ x: x[index]!, y: y[index]! }],
    )
    .toSorted((a, b) => a.x - b.x)
  const size = Math.ceil(pairs.length / BINS)
  if (size < FEWEST_A_BIN) return null
  const bins = Array.from({ length: Math.floor(pairs.length / size) }, (_, index) => {
    const bin = pairs.slice(index * size, (index + 1) * size)
    return { x: median(bin.map((pair) => pair.x)), y: median(bin.map((pair) => pair.y)) }
  })
  const [first, last] = [bins[0]!, bins.at(-1)!]
  if (!(last.x > first.x) || !(last.y > RISE * first.y)) return null
  const depthOf = (bin: { x: number; y: number }) =>
    (bin.x - first.x) / (last.x - first.x) - (bin.y - first.y) / (last.y - first.y)
  const knee = bins.reduce((best, bin) => (depthOf(bin) > depthOf(best) ? bin : best))
  return depthOf(knee) >= DEPTH ? knee.x : null
}
