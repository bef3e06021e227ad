import type { Millis } from '../core/time.ts'

/** Work that all fleets have at once after a start, and that holds up the ticks of all while it is done. */
export type Work = 'capacity' | 'lesson' | 'tuning'

const PAUSE_MS: Millis = 1_000

/** Spreads such work: of each kind one a second is begun, by whoever asks first. The others ask again in their next tick. Shared by all
 *  fleets of a controller. */
export class Turns {
  readonly #takenAt = new Map<Work, Millis>()

  /** Is it one's turn? Whoever has it may begin. */
  take(work: Work, now: Millis): boolean {
    const takenAt = this.#takenAt.get(work) ?? Number.NEGATIVE_INFINITY
    if (Math.abs(now - takenAt) < PAUSE_MS) return false
    this.#takenAt.set(work, now)
    return true
  }
}
