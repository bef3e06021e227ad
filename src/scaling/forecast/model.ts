/** What is known of a load: values without gaps, at least 0, of which `season` make a period and `day` a day. */
export interface Known {
  readonly values: Float64Array
  /** Load multiplies: twice as much at noon is twice as much in a rush. */
  readonly logs: Float64Array
  readonly season: number
  readonly day: number
  /** A value of its logarithm. */
  back(log: number): number
}

/** One way to forecast. Pure: it sees what is known and nothing else. */
export interface Model {
  readonly name: string
  /** What it learns, as numbers that only it understands; null = too little is known. */
  fit(known: Known): Float64Array | null
  /** What comes next, step by step. More may be known than what was learned from. */
  forecast(learned: Float64Array, known: Known, ahead: number): Float64Array
}

/** Of those who learn nothing. */
export const NOTHING = new Float64Array(0)
/** This share of the mean is added to each value: it keeps zero from being infinitely far away. */
const SHARE = 0.05
/** Beyond so many times the highest that was ever seen, a model has lost its way. */
const MOST = 3

/** Every model's own logarithms would be most of what a forecast costs. */
export function knownOf(values: Float64Array, { season, day }: Pick<Known, 'season' | 'day'>): Known {
  let [all, highest] = [0, 0]
  for (const value of values) {
    all += value
    if (value > highest) highest = value
  }
  const shift = Math.max((all / values.length) * SHARE, Number.MIN_VALUE)
  return {
    values,
    logs: values.map((value) => Math.log(value + shift)),
    season,
    day,
    back: (log) => Math.min(MOST * highest, Math.max(0, Math.exp(log) - shift)),
  }
}
