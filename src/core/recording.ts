import type { MetricName } from './metrics.ts'
import type { IntentRecord } from './step.ts'
import type { DecisionRecord, Memory, TickRecord } from './store.ts'
import type { Millis } from './time.ts'

/** The memory that a tick left, whole. */
export interface Checkpoint {
  /** Ticks after it have higher ones. */
  readonly id: number
  readonly at: Millis
  readonly memory: Memory
}

/** What a journal keeps of the ticks of its fleets: read only, also while a controller writes it. Everything throws Fault store.failed. */
export interface Recording {
  /** The newest at or before `at`, else the oldest that there is; null = there is none. */
  checkpoint(fleet: string, at: Millis): Checkpoint | null
  /** Those after a checkpoint, up to `toAt`, oldest first. */
  ticks(fleet: string, after: Checkpoint, toAt: Millis): Iterable<TickRecord>
  /** Is there one of these ticks that has no reading of this metric? */
  lacks(metric: MetricName, fleet: string, after: Checkpoint, toAt: Millis): boolean
  /** Oldest first, from `fromAt` to `toAt`. */
  decisions(fleet: string, fromAt: Millis, toAt: Millis): Iterable<DecisionRecord>
  /** Oldest first. */
  intents(fleet: string): readonly IntentRecord[]
}
