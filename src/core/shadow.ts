import type { Decision, Past } from './scaling.ts'
import type { Millis } from './time.ts'

/** A configuration that decides beside the active one, and is never acted on. */
export interface ShadowAbout {
  /** Hash of its text and of when it began. */
  readonly id: string
  /** The file as its user named it. */
  readonly file: string
  readonly by: string
  readonly at: Millis
}

/** How the decisions of both compare since the shadow began. */
export interface ShadowTally {
  /** Ticks in which both decided and everything could be seen. */
  readonly ticks: number
  /** Of these, in how many the shadow wanted more servers than the active configuration, and fewer. */
  readonly more: number
  readonly fewer: number
  /** What each wanted, times the time: a time of more than a minute without a tick does not count. */
  readonly serverMs: number
  readonly activeServerMs: number
  /** So much time that is. */
  readonly comparedMs: Millis
  /** What those servers would have cost, at the mean price of the active fleet's; 0 where no price is known. */
  readonly cost: number
  readonly activeCost: number
  /** How often each wanted another number than a tick before. */
  readonly changes: number
  readonly activeChanges: number
  /** In how many ticks guards and limits gave each fewer than its policies wanted. */
  readonly refused: number
  readonly activeRefused: number
}

export const NO_TALLY: ShadowTally = {
  ticks: 0,
  more: 0,
  fewer: 0,
  serverMs: 0,
  activeServerMs: 0,
  comparedMs: 0,
  cost: 0,
  activeCost: 0,
  changes: 0,
  activeChanges: 0,
  refused: 0,
  activeRefused: 0,
}

/** What the shadow of one fleet remembers from tick to tick. */
export interface ShadowMemory extends ShadowTally {
  readonly id: string
  /** Its own wants, and the samples that it looks back on. */
  readonly past: Past
  readonly seenAt: Millis
  /** What both wanted in the last tick; null = there was none yet. */
  readonly wants: { readonly shadow: number; readonly active: number } | null
  /** Why it decides no more; null = it does. */
  readonly failed: string | null
}

/** The shadow of a fleet as operators see it. */
export interface ShadowStatus extends ShadowTally {
  readonly failed: string | null
  /** What it made of the last tick; null = nothing yet. */
  readonly decision: Decision | null
}
