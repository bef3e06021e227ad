import type { LoadSeries } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'
import { type Lesson, learn, STAKES, type Stakes } from './worth.ts'

/** A few hours more teach little else. */
const RENEW_MS: Millis = 6 * 3_600_000

/** Keeps what was learned from a load for some hours: to learn it takes 50 ms of two weeks, so that whoever has many loads lets them learn in
 *  turn. */
export class Teacher {
  readonly #stakes: Stakes
  #lesson: Lesson | null = null
  #taughtAt: Millis = Number.NEGATIVE_INFINITY

  constructor(stakes: Stakes = STAKES) {
    this.#stakes = stakes
  }

  /** The newest; null = none was learned yet, or too little is known. */
  get lesson(): Lesson | null {
    return this.#lesson
  }

  isDue(now: Millis): boolean {
    return Math.abs(now - this.#taughtAt) >= RENEW_MS
  }

  teach(load: LoadSeries, now: Millis, aheadMs: Millis): void {
    this.#taughtAt = now
    this.#lesson = learn(load, { now, aheadMs }, this.#stakes)
  }
}
