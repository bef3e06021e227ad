/** How one series moves with another one. */
export interface Correlation {
  /** Of ranks (Spearman): 1 = whenever one rises the other does, however bent the relation is. At `lag`. */
  readonly spearman: number
  /** Of values (Pearson): 1 = on a straight line. At `lag`. */
  readonly pearson: number
  /** By so many steps the first comes before the second; negative = after it. */
  readonly lag: number
  /** Steps in which both are known. */
  readonly pairs: number
  /** Whether chance alone would hardly bring it (1 in 20), as far as neighbouring steps resemble each other. */
  readonly significant: boolean
}

/** Of a normal distribution in 95 of 100 cases. */
const Z = 1.96
const FEWEST_PAIRS = 30
const MOST_LAGS = 100
/** A lag is one only where it correlates so much better than none. */
const BETTER = 0.02

/** The cross-correlation of two series of the same steps, at the lag up to `mostLag` steps at which their ranks agree most. NaN = not known;
 *  only steps where both are known count. Null = too few of those, or one of the two never changes. */
export function correlate(a: Float64Array, b: Float64Array, mostLag: number): Correlation | null {
  const ranks = { a: ranksOf(a), b: ranksOf(b) }
  let best: { lag: number; spearman: number; pairs: number } | null = null
  for (const lag of nearestFirst(mostLag)) {
    const at = pearsonAt(ranks.a, ranks.b, lag)
    if (at === null) continue
    if (best === null || Math.abs(at.r) > Math.abs(best.spearman) + BETTER)
      best = { lag, spearman: at.r, pairs: at.pairs }
  }
  if (best === null) return null
  const { lag, spearman, pairs } = best
  return {
    ...best,
    pearson: pearsonAt(a, b, lag)?.r ?? 0,
    significant: isSignificant(spearman, pairs, resemblance(ranks.a, ranks.b)),
  }
}

/** 0, 1, -1, 2, -2 ... */
function nearestFirst(most: number): number[] {
  return Array.from({ length: 2 * most + 1 }, (_, index) =>
    index % 2 === 1 ? (index + 1) / 2 : -index / 2 || 0,
  )
}

/** Each value's place among all that are known; equal ones share theirs. */
function ranksOf(values: Float64Array): Float64Array {
  const order = [...values.keys()].filter((index) => !Number.isNaN(values[index]!))
  order.sort((a, b) => values[a]! - values[b]!)
  const ranks = new Float64Array(values.length).fill(Number.NaN)
  for (let first = 0; first < order.length; ) {
    let end = first + 1
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++
    for (let place = first; place < end; place++) ranks[order[place]!] = (first + end - 1) / 2
    first = end
  }
  return ranks
}

function pearsonAt(a: Float64Array, b: Float64Array, lag: number): { r: number; pairs: number } | null {
  let [pairs, sumA, sumB] = [0, 0, 0]
  const each = (visit: (x: number, y: number) => void) => {
    for (let index = Math.max(0, -lag); index < a.length && index + lag < b.length; index++) {
      const [x, y] = [a[index]!, b[index + lag]!]
      if (!Number.isNaN(x) && !Number.isNaN(y)) visit(x, y)
    }
  }
  each((x, y) => {
    pairs++
    sumA += x
    sumB += y
  })
  if (pairs < FEWEST_PAIRS) return null
  let [both, squaresA, squaresB] = [0, 0, 0]
  each((x, y) => {
    both += (x - sumA / pairs) * (y - sumB / pairs)
    squaresA += (x - sumA / pairs) ** 2
    squaresB += (y - sumB / pairs) ** 2
  })
  const size = Math.sqrt(squaresA * squaresB)
  return size > 0 ? { r: both / size, pairs } : null
}

/** Fisher's z, with as many independent pairs as two series have whose neighbouring steps resemble each other (B. Pyper and R. Peterman,
 *  "Comparison of methods to account for autocorrelation in correlation analyses of fish data", 1998, with lags up to a fifth). */
function isSignificant(r: number, pairs: number, alike: number): boolean {
  const independent = pairs / (1 + 2 * alike)
  return (
    independent > 4 && Math.abs(Math.atanh(Math.min(0.9999, Math.abs(r)))) > Z / Math.sqrt(independent - 3)
  )
}

/** The sum over lags of how much both resemble themselves; of many lags only some are looked at, and those between are taken as alike. */
function resemblance(a: Float64Array, b: Float64Array): number {
  const stride = Math.ceil(a.length / 5 / MOST_LAGS)
  let sum = (stride - 1) / 2
  for (let lag = stride; lag <= a.length / 5; lag += stride)
    sum += stride * (pearsonAt(a, a, lag)?.r ?? 0) * (pearsonAt(b, b, lag)?.r ?? 0)
  return Math.max(0, sum)
}
