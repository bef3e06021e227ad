/** Below this share of what is usual at its time, a value tells of an outage and not of a load. */
const OUTAGE = 0.05
/** Days before and after that tell what is usual at a time. */
const DAYS = 7
/** Fewer say nothing. */
const FEWEST = 3

/** Without what would poison a model: gaps, and outages that are more than a day old, become what is usual at their time. Rushes stay: that they
 *  happen is what a bound has to know. null = nothing was measured. */
export function cleaned(values: Float64Array, season: number): Float64Array | null {
  const filled = withoutGaps(values, season)
  if (filled === null) return null
  return filled.map((value, index) => {
    if (index >= filled.length - season) return value
    return isOutage(filled, index, season) ? medianOf(around(filled, index, season)) : value
  })
}

/** Is it below the share of the median? Only counted: this is asked of every value at each forecast. */
function isOutage(filled: Float64Array, index: number, season: number): boolean {
  const value = filled[index]!
  let [all, above] = [0, 0]
  const last = Math.min(filled.length - 1, index + DAYS * season)
  for (let at = index - DAYS * season; at <= last; at += season) {
    if (at < 0 || at === index) continue
    all++
    if (value < OUTAGE * filled[at]!) above++
  }
  return all >= FEWEST && above > all - 1 - Math.floor((all - 1) / 2)
}

/** A gap becomes what is usual at its time, else the value before it. */
function withoutGaps(values: Float64Array, season: number): Float64Array | null {
  const first = values.find((value) => !Number.isNaN(value))
  if (first === undefined) return null
  let last = first
  return values.map((value, index) => {
    if (Number.isNaN(value)) {
      const others = around(values, index, season)
      return others.length > 0 ? medianOf(others) : last
    }
    last = Math.max(0, value)
    return last
  })
}

/** The same time of the days before and after, without gaps. */
function around(values: Float64Array, index: number, season: number): number[] {
  const others: number[] = []
  for (let day = 1; day <= DAYS; day++)
    for (const at of [index - day * season, index + day * season]) {
      const other = values[at]
      if (other !== undefined && !Number.isNaN(other)) others.push(other)
    }
  return others
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!
}
