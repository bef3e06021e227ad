import type { LaneBuffers } from './lanes.ts'

/** Weights are at most 1000. */
const WEIGHT = 0xffff
const PANIC = 1 << 16

/** Effective weights by member slot: 0 = not eligible. Main writes and then publishes; workers only read. */
export class Weights {
  readonly #words: Int32Array

  constructor(buffers: LaneBuffers) {
    this.#words = new Int32Array(buffers.weights)
  }

  /** Changes with every publication. */
  get generation(): number {
    return Atomics.load(this.#words, 0)
  }

  get(slot: number): number {
    return this.#words[1 + slot]! & WEIGHT
  }

  /** It may be used, and not only because its pool panics. */
  isFit(slot: number): boolean {
    const word = this.#words[1 + slot]!
    return word !== 0 && (word & PANIC) === 0
  }

  /** `byPanic`: it is used although it is not fit. True if that is news. */
  set(slot: number, weight: number, byPanic = false): boolean {
    const word = byPanic ? weight | PANIC : weight
    if (this.#words[1 + slot] === word) return false
    this.#words[1 + slot] = word
    return true
  }

  publish(): void {
    Atomics.add(this.#words, 0, 1)
  }
}
