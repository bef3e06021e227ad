import type { Schedule } from './calendar.ts'
import type { Millis } from './time.ts'

/** A setting that is tuned, by its place in the file (core/tuning.ts), with what the file says and what holds in its place. */
export interface Tuned {
  readonly key: string
  readonly file: number
  readonly value: number
}

/** How far settings may go, and by what they are judged. Shares are from 0 to 1. */
export interface TuningAims {
  /** So many days are replayed. */
  readonly days: number
  /** By which share of itself a value moves at once. */
  readonly step: number
  /** A setting stays between these shares of what the file says. */
  readonly bounds: { readonly least: number; readonly most: number }
  /** A request that waits longer than this before a server begins with it is late. */
  readonly objectiveMs: Millis
  /** Such a share of the requests may be late. */
  readonly late: number
}

/** As they are where the file says nothing; `src/config/tuning-schema.ts` has the same. */
export const TUNING_AIMS: TuningAims = {
  days: 7,
  step: 0.05,
  bounds: { least: 0.7, most: 1.3 },
  objectiveMs: 250,
  late: 0.001,
}

/** When a fleet's settings are studied, and what may be done of it. */
export interface TuningSpec {
  /** A study begins while a window is open, once in each. */
  readonly schedule: Schedule
  /** `allowed`: what is proposed is applied, a step a window, and taken back when it is measured to be worse. */
  readonly apply: 'never' | 'allowed'
  /** After so long what was applied is judged. */
  readonly probationMs: Millis
  readonly aims: TuningAims
}
