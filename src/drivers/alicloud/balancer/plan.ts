import type { MemberSpec } from '../../../core/balancer.ts'
import type { Millis } from '../../../core/time.ts'
import { type Backend, cloudWeight, keyOf, markOf, ownedBy, type Place } from './backend.ts'

/** A member as somebody wants it. */
export interface Wanted {
  readonly spec: MemberSpec
  readonly fixed: boolean
  readonly place: Place
  /** Since when the cloud's checks have passed; null = they have not yet. */
  readonly admittedAt: Millis | null
}

export interface Manner {
  readonly installation: string
  /** A new member's weight grows for so long; 0 = it has all of it at once, or the cloud does this. */
  readonly slowStartMs: Millis
}

/** What brings a group to what is wanted, in the order in which it is done: whoever comes first keeps the others from being too few. */
export interface Changes {
  readonly add: readonly Backend[]
  readonly weigh: readonly Backend[]
  readonly remove: readonly Backend[]
}

/** Steps of a growing weight: each is a change in the cloud. */
const STEPS = 5

/** Pure. What others have put into the group is left as it is. */
export function planGroup(
  backends: readonly Backend[],
  wanted: readonly Wanted[],
  manner: Manner,
  now: Millis,
): Changes {
  const heaviest = Math.max(0, ...wanted.map(({ spec }) => spec.weight))
  const there = new Map(backends.map((backend) => [keyOf(backend), backend]))
  const targets = wanted.map((one): Backend => {
    const { spec, fixed, place } = one
    return {
      ...place,
      weight: weightNow(one, heaviest, manner, now),
      mark: markOf(manner.installation, { id: spec.id, fixed }),
      health: 'unknown',
    }
  })
  const kept = new Set(targets.map(keyOf))
  return {
    add: targets.filter((target) => !there.has(keyOf(target))),
    weigh: targets.filter((target) => {
      const backend = there.get(keyOf(target))
      if (backend === undefined) return false
      // One that is taken over gets our mark.
      return backend.weight !== target.weight || ownedBy(manner.installation, backend.mark) === null
    }),
    remove: backends.filter(
      (backend) => ownedBy(manner.installation, backend.mark) !== null && !kept.has(keyOf(backend)),
    ),
  }
}

/** One that has not passed a check gets the least: the cloud checks nobody of weight 0. Then its weight grows. */
function weightNow(
  { spec, admittedAt }: Wanted,
  heaviest: number,
  { slowStartMs }: Manner,
  now: Millis,
): number {
  const full = cloudWeight(spec, heaviest)
  if (full === 0 || slowStartMs === 0) return full
  if (admittedAt === null) return 1
  const step = Math.floor(((now - admittedAt) * STEPS) / slowStartMs) + 1
  return Math.max(1, Math.round((full * Math.min(step, STEPS)) / STEPS))
}

export function isNothing({ add, weigh, remove }: Changes): boolean {
  return add.length + weigh.length + remove.length === 0
}

/** Does somebody's weight still have to grow, or has somebody yet to pass a check? */
export function isUnfinished(wanted: readonly Wanted[], { slowStartMs }: Manner, now: Millis): boolean {
  return wanted.some(
    ({ spec, admittedAt }) => spec.weight > 0 && (admittedAt === null || now - admittedAt < slowStartMs),
  )
}
