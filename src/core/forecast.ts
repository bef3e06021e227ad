import type { Millis } from './time.ts'

/** A fleet's whole load in equal steps, oldest first; NaN = nobody measured. */
export interface LoadSeries {
  /** The start of the first step, a multiple of `stepMs` since the epoch. */
  readonly startAt: Millis
  readonly stepMs: Millis
  readonly means: Float64Array
  /** What 95 % of a step's samples did not exceed. */
  readonly peaks: Float64Array
}

/** What followed at the same time of an earlier day. */
export interface Precedent {
  readonly agoMs: Millis
  /** Mean load of the half-hour before; null = nobody measured. */
  readonly before: number | null
  /** The highest load of as much time as an outlook is about. */
  readonly peak: number
}

/** The highest load of the time ahead. */
export interface Forecast {
  readonly expected: number
  /** What it does not pass in 95 of 100 cases, by how far off such forecasts were. */
  readonly high: number
  /** After so long the load was found to repeat itself, more clearly than after a day; absent = it was not. */
  readonly periodMs?: Millis
}

/** What forecasts of one load have learned, kept by whoever asks for the next one. Plain data, which only who forecasts understands; bounded. */
export interface Experience {
  /** Steps, since the epoch, of the load that it was last about: the first one, and the one that was going on. */
  readonly from: number
  readonly now: number
  /** Steps after which the load repeats itself more clearly than after a day, and when that was found; null = there are none. */
  readonly period: { readonly at: number; readonly steps: number | null }
  /** Of each model: in which step it learned, and what; null = too little was known then. */
  readonly fits: readonly { readonly at: number; readonly learned: Float64Array | null }[]
  /** By how far they reach, oldest first. */
  readonly trials: readonly (readonly Trial[])[]
}

/** What all models said of the steps from one on: NaN of those that knew too little. */
export interface Trial {
  readonly at: number
  readonly said: readonly Float64Array[]
}

/** null = too little is known; so nothing is learned. */
export type Foretold = { readonly forecast: Forecast; readonly experience: Experience } | null

/** Who looks ahead. */
export interface Forecaster {
  /** Knows nothing but the load before `now`, and what earlier forecasts of it have learned: null = nothing, which takes longer. Throws Fault. */
  forecast(
    load: LoadSeries,
    about: { readonly now: Millis; readonly aheadMs: Millis; readonly experience: Experience | null },
    signal: AbortSignal,
  ): Promise<Foretold>
}

/** What is known of the time ahead of one metric. */
export interface Outlook {
  readonly madeAt: Millis
  /** How far ahead: as long as a server that is launched now takes until it serves, and a little more. */
  readonly aheadMs: Millis
  /** Mean load of the last half-hour; null = nobody measured. */
  readonly recent: number | null
  readonly precedents: readonly Precedent[]
  /** What it pays to have servers for, by what followed on so many days; absent = too few are known. */
  readonly worth?: { readonly load: number; readonly days: number }
  /** Of the last forecast that was asked for; `why` in place of one that there is not. */
  readonly forecast: (Forecast & { readonly madeAt: Millis }) | { readonly why: string }
}
