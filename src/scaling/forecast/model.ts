/** One way to forecast. Pure: it sees `values` and nothing else. */
export interface Model {
  readonly name: string
  /** Learns from values without gaps, at least 0, of which `season` make a day; null = they are too few. */
  fit(values: Float64Array, season: number): Fitted | null
}

/** What comes after `values`, step by step. They may be more than those that were learned from. */
export type Fitted = (values: Float64Array, ahead: number) => Float64Array

/** Load multiplies: twice as much at noon is twice as much in a rush. What is added keeps zero from being infinitely far away. */
export interface LogScale {
  of(value: number): number
  back(value: number): number
}

const SHARE = 0.05
/** Beyond so many times the highest that was ever seen, a model has lost its way. */
const MOST = 3

export function logScaleOf(values: Float64Array): LogScale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const shift = Math.max(mean * SHARE, Number.MIN_VALUE)
  const most = MOST * values.reduce((a, b) => Math.max(a, b), 0)
  return {
    of: (value) => Math.log(value + shift),
    back: (value) => Math.min(most, Math.max(0, Math.exp(value) - shift)),
  }
}
