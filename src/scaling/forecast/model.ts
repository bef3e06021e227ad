/** What is known of a load: values without gaps, at least 0. */
export interface Known {
  readonly values: Float64Array
  /** Load multiplies: twice as much at noon is twice as much in a rush. */
  readonly logs: Float64Array
  /** Values that make a day. */
  readonly day: number
  /** Those that a model takes for what repeats itself: a day, where it is not told otherwise. */
  readonly season: number
  /** Those after which they repeat themselves more clearly than after a day; null = there are none. */
  readonly period: number | null
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

/** The same model of what repeats itself after a period that is no day, as it was when it learned. */
export function ofPeriod(model: Model): Model {
  const within = (known: Known, period: number) => ({ ...known, season: period })
  return {
    name: `${model.name} of a period`,
    fit(known) {
      if (known.period === null) return null
      const learned = model.fit(within(known, known.period))
      return learned && Float64Array.of(known.period, ...learned)
    },
    forecast: (learned, known, ahead) =>
      model.forecast(learned.subarray(1), within(known, learned[0]!), ahead),
  }
}

/** Every model's own logarithms would be most of what a forecast costs. */
export function knownOf(values: Float64Array, day: number): Known {
  let [all, highest] = [0, 0]
  for (const value of values) {
    all += value
    if (value > highest) highest = value
  }
  const shift = Math.max((all / values.length) * SHARE, Number.MIN_VALUE)
  return {
    values,
    logs: values.map((value) => Math.log(value + shift)),
    day,
    season: day,
    period: null,
    back: (log) => Math.min(MOST * highest, Math.max(0, Math.exp(log) - shift)),
  }
}
