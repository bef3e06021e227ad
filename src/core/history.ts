import type { Aggregate } from './aggregate.ts'
import { metricNamed, type Sample, type Unit } from './metrics.ts'
import type { OtherRule } from './others.ts'
import type { Millis } from './time.ts'

/** Whose values: a metric of a fleet, in the metric's base unit. */
export interface SeriesName {
  readonly fleet: string
  /** Of the table of metrics or of the file, or one of BESIDE_METRICS. */
  readonly metric: string
}

/** What other ways to scale would want: the series of each rule. */
export const OTHER_COUNTS = {
  hpa: 'want-hpa',
  'hpa-target': 'want-hpa-target',
  threshold: 'want-threshold',
} as const satisfies Record<OtherRule, string>

/** How many servers a fleet has, wants and has serving, and what others and its shadow would want: kept beside its metrics. */
export const SERVER_COUNTS = [
  'have',
  'want',
  'serving',
  ...Object.values(OTHER_COUNTS),
  'want-shadow',
] as const
/** And what each second has added to its cost (in its currency), to its energy (in Wh), to its carbon (in grams) and to the server-hours that
 *  are paid for: the sum over a time is what that has cost. */
export const SPENT = ['cost', 'energy', 'carbon', 'server-hours'] as const
export const BESIDE_METRICS: readonly string[] = [...SERVER_COUNTS, ...SPENT]

/** What is wrong with a negative sample of a metric that is never below 0; null = nothing. What a file defines may be anything. */
export function belowZero(metric: string, { value }: Sample): string | null {
  const isOurs = BESIDE_METRICS.includes(metric) || metricNamed(metric, {}) !== null
  return isOurs && value < 0 ? `expected at least 0, got ${value}` : null
}

export interface HistorySample extends SeriesName, Sample {}

/** A step of time in which there were samples. A step without samples has no point: a gap, never zero. */
export interface HistoryPoint extends Aggregate {
  /** The start of the step, a multiple of its length since the epoch. */
  readonly at: Millis
}

export interface HistoryQuery extends SeriesName {
  readonly fromAt: Millis
  /** Not included. */
  readonly toAt: Millis
  /** null = one that gives at most 1000 points. */
  readonly stepMs: Millis | null
}

export interface HistoryAnswer extends SeriesName {
  /** The asked step, rounded up to a multiple of what is kept that far back: 1 s for an hour, 10 s for a day, 5 min for 60 days. */
  readonly stepMs: Millis
  /** Oldest first; at most 20,000. */
  readonly points: readonly HistoryPoint[]
}

export interface Imported {
  /** Samples that were taken; of several in one second the last one is. */
  readonly samples: number
  /** Samples older than what is kept, which were left out. */
  readonly tooOld: number
}

/** Every metric over time, bounded in age, in series and on disk. */
export interface History {
  /** Takes samples to be kept; returns at once, and never throws. What cannot be kept, because the disk is slow or there are too many
   *  series, is dropped and counted. */
  append(samples: readonly HistorySample[]): void
  /** How many samples were dropped since the start. */
  dropped(): number
  /** With everything that was appended before. A series that nobody has seen has no points. Throws Fault request.invalid for a range
   *  or a step that makes no sense or gives too many points, store.failed. */
  read(query: HistoryQuery): Promise<HistoryAnswer>
  /** Every series that has points, by name. Throws Fault store.failed. */
  series(): Promise<readonly SeriesName[]>
  /** Takes samples of the past, in any order, all of them or none: each replaces what was kept of its step, so that repeating an
   *  import changes nothing. Throws Fault request.invalid when one is not of the past, or no finite number; store.failed. */
  import(series: SeriesName, samples: readonly Sample[]): Promise<Imported>
}

export interface HistoryReading extends HistoryAnswer {
  /** Of the values; null for a metric that the file no longer defines. */
  readonly unit: Unit | null
}

/** The history as operators ask for it: by names that a configuration knows. */
export interface HistoryDesk {
  series(): Promise<readonly SeriesName[]>
  /** Throws Fault not-found for a name that neither the configuration nor the history knows, and what `History.read` throws. */
  read(query: HistoryQuery): Promise<HistoryReading>
  /** Takes a CSV: `timestamp,value`. Throws Fault not-found, and request.invalid with every bad line, and then nothing is taken. */
  importCsv(series: SeriesName, csv: string): Promise<Imported>
}
