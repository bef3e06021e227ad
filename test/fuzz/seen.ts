import type { Planned } from '../../src/controller/planned.ts'
import type { FleetView } from '../../src/controller/view.ts'
import type { Change, Decision, Reason, ScalingPolicy } from '../../src/core/scaling.ts'
import type { Intent } from '../../src/core/step.ts'
import type { Entries, Memory } from '../../src/core/store.ts'
import type { Millis } from '../../src/core/time.ts'

/** One tick as it can be held against what must be true. */
export interface Seen {
  readonly view: FleetView
  readonly decision: Decision
  readonly planned: readonly Planned[]
  readonly policies: readonly ScalingPolicy[]
  /** What it has written down, and all changes that were written down before. */
  readonly intents: readonly Intent[]
  readonly changes: readonly Change[]
  /** What the journal held before it, and what it has put there. */
  readonly memory: Memory | null
  readonly entries: Entries
  readonly truth: Truth
  /** Earlier ticks of this fleet, whoever made them, oldest first. */
  readonly looks: readonly Look[]
}

/** What was answered, whatever the controller has made of it. */
export interface Truth {
  /** Reads that came to nothing. */
  readonly blind: readonly string[]
  /** By metric: a good sample that is fresh, or nothing to measure. */
  readonly metrics: ReadonlyMap<string, boolean>
  /** When a tick last found its clock set so far that nobody can take it for a slow one; null = never. */
  readonly jumpedAt: Millis | null
}

export interface Look {
  readonly at: Millis
  readonly raw: number | null
}

/** These have the last word: what they ask for waits for nobody. */
const LAST_WORDS = [
  'guard:calendar',
  'order:pin',
  'guard:limits',
  'guard:backoff',
  'order:pause',
  'guard:blind',
  'order:stop',
]

/** What the policies ask for when all that slows them down has spoken. */
export function softened({ have, because }: Decision): number {
  const end = because.findIndex(({ by }) => LAST_WORDS.includes(by))
  const slow: readonly Reason[] = end < 0 ? because : because.slice(0, end)
  return slow.at(-1)?.to ?? have
}

/** Servers leave because policies want fewer. */
export function isScaleIn(decision: Decision): boolean {
  return decision.want < decision.have && softened(decision) < decision.have
}
