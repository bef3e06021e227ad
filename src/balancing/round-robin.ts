import type { Rng } from '../core/time.ts'
import { DueQueue } from './due-queue.ts'
import type { Field, Picker } from './field.ts'

/**
 * Weighted round robin by earliest deadline first (Envoy, edf_scheduler.h; Katevenis et al., Weighted Round-Robin Cell Multiplexing,
 * 1991): a member of weight w is due every 1 / w, and whoever is due first is picked. Over a total's worth of picks each member is
 * picked exactly weight times, and a pick costs the logarithm of their number.
 *
 * All due at once would be a burst for the light ones, so members begin at places of their own in their intervals, in the order of
 * their indices: equal ones take turns. Workers begin at random ones, or the first member would get the first request of all of them.
 * What is left of an interval stays, as a share of it, when weights change.
 */
export function roundRobin(rng: Rng): Picker {
  return new RoundRobin(rng)
}

class RoundRobin implements Picker {
  readonly #rng: Rng
  #generation = -1
  #queue = new DueQueue(0)
  /** By member: 1 / weight. Without a weight as with the least: it may get one before the generation changes. */
  #intervals: Float64Array = new Float64Array(0)
  #identities: Uint32Array = new Uint32Array(0)
  #now = 0

  constructor(rng: Rng) {
    this.#rng = rng
  }

  pick(field: Field, tried: ReadonlySet<number> | null): number {
    if (field.generation !== this.#generation) this.#renew(field)
    const queue = this.#queue
    let passed = 0
    while (queue.first >= 0 && !(field.weight(queue.first) > 0 && !tried?.has(queue.first))) {
      queue.take()
      passed++
    }
    const picked = queue.first
    if (picked >= 0) {
      this.#now = queue.due(picked)
      queue.postpone(this.#now + this.#intervals[picked]!)
    }
    for (; passed > 0; passed--) this.#putBack(picked >= 0)
    return picked
  }

  /** Whoever was passed over has had its turn, or it would take all that it missed at once. */
  #putBack(isLater: boolean): void {
    const member = this.#queue.taken
    this.#queue.putBack(isLater ? this.#now + this.#intervals[member]! : this.#queue.due(member))
  }

  #renew(field: Field): void {
    const shares = this.#sharesLeft()
    const { size } = field
    const start = Math.floor(this.#rng() * size)
    this.#generation = field.generation
    this.#queue = new DueQueue(size)
    this.#intervals = new Float64Array(size)
    this.#identities = new Uint32Array(size)
    this.#now = 0
    for (let i = 0; i < size; i++) {
      const identity = field.identity(i)
      const interval = 1 / Math.max(1, field.steadyWeight(i))
      const share = shares.get(identity) ?? (((i - start + size) % size) + 0.5) / size
      this.#identities[i] = identity
      this.#intervals[i] = interval
      this.#queue.add(i, share * interval)
    }
  }

  /** What is left of the interval of each member, by identity: 0 to 1. */
  #sharesLeft(): Map<number, number> {
    const shares = new Map<number, number>()
    for (let i = 0; i < this.#intervals.length; i++) {
      shares.set(this.#identities[i]!, (this.#queue.due(i) - this.#now) / this.#intervals[i]!)
    }
    return shares
  }
}
