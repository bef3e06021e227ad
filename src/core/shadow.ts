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
