import type { Millis } from './time.ts'

/** How many servers another way to scale would have in the place of the policies, on the load that was measured. */
export interface Other {
  readonly rule: OtherRule
  /** null = not known yet. */
  readonly want: number | null
  /** One sentence. */
  readonly says: string
}

/** `hpa`: on cpu at 60 %. `hpa-target`: on what the fleet's own policy follows. `threshold`: cpu above 80 % for 5 minutes adds one. */
export type OtherRule = 'hpa' | 'hpa-target' | 'threshold'

export interface Point {
  readonly at: Millis
  readonly value: number
}

/** What a Horizontal Pod Autoscaler looks back on, oldest first: at most one of each 15 s, for 5 minutes. */
export interface HpaMemory {
  /** What metrics asked for. */
  readonly asked: readonly Point[]
  /** By how much it changed. */
  readonly changes: readonly Point[]
}

/** Means of whole minutes that follow each other. */
export interface MinutesMemory {
  /** Of the minute that is not over. */
  readonly minute: number
  readonly sum: number
  readonly count: number
  /** Newest first, at most five. */
  readonly means: readonly number[]
}

/** One rule from tick to tick. `have` is its own number of servers, which nobody else follows. */
export interface OtherMemory {
  /** The fleet that it rules, and by what: another metric or another target begins anew. */
  readonly of: string
  /** It has followed the load since then without a gap. */
  readonly sinceAt: Millis
  readonly seenAt: Millis
  /** When it last decided. */
  readonly decidedAt: Millis
  readonly have: number
  /** It has decided by what was measured, at least once. */
  readonly knows: boolean
  readonly says: string
  readonly hpa?: HpaMemory
  readonly minutes?: MinutesMemory
  /** Until then it changes nothing. */
  readonly quietUntil?: Millis
}

export type OthersMemory = Readonly<Partial<Record<OtherRule, OtherMemory>>>
