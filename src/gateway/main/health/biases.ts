import { type Bias, NEW_BIAS, nextBiases, type Reading } from '../../../balancing/bias.ts'
import type { Millis } from '../../../core/time.ts'
import type { WeightSpec } from '../../../core/weights.ts'
import { type LaneReader, MEMBER } from '../../lanes.ts'

const INTERVAL_MS: Millis = 1_000
/** After members have come or gone the others' response times say little of them. */
const FREEZE_MS: Millis = 10_000

interface Known {
  bias: Bias
  counted: Counted
}
interface Counted {
  readonly answers: number
  readonly sumMs: Millis
  readonly bad: number
}

/** What the weights of one pool's members are multiplied by, where its weights follow a policy. */
export class Biases {
  readonly #reader: LaneReader
  #known = new Map<number, Known>()
  #lookedAt: Millis | null = null
  #frozenUntil: Millis = 0

  constructor(reader: LaneReader) {
    this.#reader = reader
  }

  factor(slot: number): number {
    return this.#known.get(slot)?.bias.factor ?? 1
  }

  /** Looks at the members (by slot), once a second. Has any factor changed? */
  look(slots: readonly number[], spec: WeightSpec, now: Millis): boolean {
    const elapsed = this.#lookedAt === null ? INTERVAL_MS : now - this.#lookedAt
    if (elapsed < INTERVAL_MS) return false
    this.#lookedAt = now
    const isSame = slots.length === this.#known.size && slots.every((slot) => this.#known.has(slot))
    if (!isSame) this.#frozenUntil = now + FREEZE_MS
    const before = slots.map(
      (slot) => this.#known.get(slot) ?? { bias: NEW_BIAS, counted: this.#count(slot) },
    )
    const counted = slots.map((slot) => this.#count(slot))
    const readings = slots.map((slot, i) => this.#reading(slot, before[i]!.counted, counted[i]!))
    const biases = nextBiases(
      before.map(({ bias }) => bias),
      readings,
      spec,
      { elapsed, frozen: now < this.#frozenUntil },
    )
    this.#known = new Map(slots.map((slot, i) => [slot, { bias: biases[i]!, counted: counted[i]! }]))
    return biases.some(({ factor }, i) => factor !== before[i]!.bias.factor)
  }

  #count(slot: number): Counted {
    const statuses = this.#reader.memberStatuses(slot)
    return {
      answers: statuses.reduce((sum, count) => sum + count, 0),
      sumMs: this.#reader.member(slot, MEMBER.latencySumMs),
      bad: statuses[4] + this.#reader.member(slot, MEMBER.failures),
    }
  }

  /** A slot with a new owner counts from 0 again. */
  #reading(slot: number, before: Counted, now: Counted): Reading {
    const from = now.answers < before.answers ? { answers: 0, sumMs: 0, bad: 0 } : before
    return {
      answers: now.answers - from.answers,
      sumMs: Math.max(0, now.sumMs - from.sumMs),
      bad: Math.max(0, now.bad - from.bad),
      inFlight: this.#reader.memberInFlight(slot),
    }
  }
}
