import { type Answers, failingMembers } from '../../../balancing/outlier.ts'
import type { Millis } from '../../../core/time.ts'
import { type LaneReader, MEMBER } from '../../lanes.ts'

const INTERVAL_MS: Millis = 10_000

/** How the members of one pool have answered, interval by interval. */
export class SuccessRates {
  readonly #reader: LaneReader
  #before = new Map<number, Answers>()
  #lookedAt: Millis = Number.NEGATIVE_INFINITY

  constructor(reader: LaneReader) {
    this.#reader = reader
  }

  /** At the end of an interval, the members (by slot) that were far worse than the others in it; else nobody. */
  failing(slots: readonly number[], now: Millis): readonly number[] {
    if (now - this.#lookedAt < INTERVAL_MS) return []
    this.#lookedAt = now
    const counted = new Map(slots.map((slot) => [slot, this.#count(slot)]))
    const before = this.#before
    this.#before = counted
    const known = slots.filter((slot) => before.has(slot))
    const answers = known.map((slot) => difference(counted.get(slot)!, before.get(slot)!))
    return failingMembers(answers).map((at) => known[at]!)
  }

  #count(slot: number): Answers {
    const [, second, third, fourth, fifth] = this.#reader.memberStatuses(slot)
    return { good: second + third + fourth, bad: fifth + this.#reader.member(slot, MEMBER.failures) }
  }
}

/** A slot with a new owner counts from 0 again. */
function difference(now: Answers, before: Answers): Answers {
  if (now.good < before.good || now.bad < before.bad) return now
  return { good: now.good - before.good, bad: now.bad - before.bad }
}
