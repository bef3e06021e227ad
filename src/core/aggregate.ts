/** What the samples of a period come to. */
export interface Aggregate {
  readonly min: number
  readonly mean: number
  readonly max: number
  /** Nearest rank: the smallest value that at least 95 % of the samples do not exceed. */
  readonly p95: number
  /** How many samples; at least 1. */
  readonly count: number
}

const SHARE = 0.95
/** Halvings of the gap between two estimates: beyond what a double can tell apart. */
const HALVINGS = 60

/** Of at least one value. Exact. */
export function aggregate(values: readonly number[]): Aggregate {
  const sorted = Float64Array.from(values).sort()
  const count = sorted.length
  const min = sorted[0]!
  const max = sorted[count - 1]!
  const sum = sorted.reduce((total, value) => total + value, 0)
  return { min, mean: within(sum / count, min, max), max, p95: sorted[rankOf(count) - 1]!, count }
}

/** Of at least one part: what their samples come to together. min, mean, max and count are exact; p95 is exact while each part has
 *  one value only, else an estimate that lies between the lowest and the highest p95 of the parts, as the true one does. */
export function merge(parts: readonly Aggregate[]): Aggregate {
  if (parts.length === 1) return parts[0]!
  let [min, max, sum, count, single] = [Infinity, -Infinity, 0, 0, true]
  for (const part of parts) {
    min = Math.min(min, part.min)
    max = Math.max(max, part.max)
    sum += part.mean * part.count
    count += part.count
    single &&= part.min === part.max
  }
  const p95 = single ? weightedP95(parts, count) : estimatedP95(parts, count)
  return { min, mean: within(sum / count, min, max), max, p95, count }
}

function rankOf(count: number): number {
  return Math.ceil(SHARE * count)
}

/** Rounding may carry a mean of equal values past them. */
function within(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value))
}

function weightedP95(parts: readonly Aggregate[], count: number): number {
  const sorted = parts.toSorted((a, b) => a.p95 - b.p95)
  let seen = 0
  return sorted.find((part) => (seen += part.count) >= rankOf(count))!.p95
}

/** Halves the gap between the lowest and the highest p95 of the parts until the estimated share of samples below fits. */
function estimatedP95(parts: readonly Aggregate[], count: number): number {
  let low = Infinity
  let high = -Infinity
  for (const { p95 } of parts) {
    low = Math.min(low, p95)
    high = Math.max(high, p95)
  }
  for (let turn = 0; turn < HALVINGS && low < high; turn++) {
    const middle = low + (high - low) / 2
    if (middle === low || middle === high) break
    let below = 0
    for (const part of parts) below += part.count * shareBelow(part, middle)
    if (below >= SHARE * count) high = middle
    else low = middle
  }
  return high
}

/** As if 95 % of a part's samples were spread evenly from its min to its p95, and the rest from there to its max. */
function shareBelow({ min, p95, max }: Aggregate, value: number): number {
  if (value >= max) return 1
  if (value < min) return 0
  if (value < p95) return (SHARE * (value - min)) / (p95 - min)
  return SHARE + ((1 - SHARE) * (value - p95)) / (max - p95)
}
