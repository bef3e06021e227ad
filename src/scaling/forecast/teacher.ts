import type { LoadSeries } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'
import { type Lesson, learn } from './worth.ts'

/** A few hours more teach little else. */
const RENEW_MS: Millis = 6 * 3_600_000

/** Keeps what was learned from a load for some hours: to learn it takes 50 ms of two weeks. */
export class Teacher {
  #lesson: Lesson | null = null
  #taughtAt: Millis = Number.NEGATIVE_INFINITY

  lesson(load: LoadSeries, now: Millis, aheadMs: Millis): Lesson | null {
    if (Math.abs(now - this.#taughtAt) < RENEW_MS) return this.#lesson
    this.#taughtAt = now
    this.#lesson = learn(load, { now, aheadMs })
    return this.#lesson
  }
}
