import type { SeriesName } from './history.ts'
import type { Millis } from './time.ts'

export interface SeriesEntry extends SeriesName {
  /** From 1, below SERIES_IDS. */
  readonly id: number
  /** No sample is younger, up to a few minutes; when it is older than what is kept, the series is forgotten. */
  readonly lastAt: Millis
}

/** Where blocks lie: a map in memory or a table on disk. Every call is done when it returns; ranges do not include their end. */
export interface Shelf {
  /** Blocks of seconds before this instant have been summed up into the coarser levels; 0 = none. */
  rolledAt(): Millis
  setRolledAt(at: Millis): void
  series(): readonly SeriesEntry[]
  setSeries(entry: SeriesEntry): void
  removeSeries(id: number): void
  get(level: number, id: number): Float64Array | null
  set(level: number, id: number, body: Float64Array): void
  /** Ids of blocks, in order. */
  ids(level: number, from: number, to: number): readonly number[]
  /** null when the level is empty. */
  firstId(level: number): number | null
  remove(level: number, from: number, to: number): void
  bytes(): number
}
