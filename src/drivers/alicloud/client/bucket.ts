import type { Millis } from '../../../core/time.ts'

/** Calls a second before the cloud has said no, and how many of them at once. What it allows is not published: it differs by account and
 *  is shared with people and other tools. */
const MOST_PER_SECOND = 20
const BURST = 10
const LEAST_PER_SECOND = 0.2
/** How long it takes from nothing back to the most. */
const RECOVERY_MS = 10 * 60_000
const MINUTE = 60_000
/** For a clock that is a little ahead of the cloud's. */
const SKEW_MS = 1_000

export type Leave =
  | { readonly granted: true; readonly waitMs: Millis }
  | { readonly granted: false; readonly retryAfterMs: Millis }

/** A token bucket for one operation of one account in one region. It learns: a refusal halves what it lets through, and quiet time gives it
 *  back. Calls that wait have taken their token, so they leave in the order in which they came. */
export class Bucket {
  #perSecond = MOST_PER_SECOND
  #tokens = BURST
  /** Until when tokens are counted; in the future while it is closed. */
  #countedAt: Millis
  #cutAt: Millis

  constructor(now: Millis) {
    this.#countedAt = now
    this.#cutAt = now
  }

  /** Leave to make one call, after a wait of at most `patienceMs`. Without it, nothing is taken. */
  take(now: Millis, patienceMs: Millis): Leave {
    this.#count(now)
    const short = Math.max(0, 1 - this.#tokens)
    const waitMs = Math.max(0, this.#countedAt - now) + (short / this.#perSecond) * 1000
    if (waitMs > patienceMs) return { granted: false, retryAfterMs: waitMs }
    this.#tokens -= 1
    return { granted: true, waitMs }
  }

  /** A call sent at `sentAt` was refused for there being too many. `untilNextMinute` is how ECS counts: whoever was refused stays so until
   *  the minute is over. */
  refused(about: {
    readonly sentAt: Millis
    readonly now: Millis
    readonly retryAfterMs: Millis | null
    readonly untilNextMinute: boolean
  }): void {
    this.#count(about.now)
    // Of calls refused together only the first is news.
    if (about.sentAt >= this.#cutAt) {
      this.#perSecond = Math.max(LEAST_PER_SECOND, this.#perSecond / 2)
      this.#cutAt = about.now
    }
    this.#tokens = Math.min(this.#tokens, 0)
    const minuteEnds = (Math.floor(about.now / MINUTE) + 1) * MINUTE + SKEW_MS
    this.#countedAt = Math.max(
      this.#countedAt,
      about.now + (about.retryAfterMs ?? 0),
      about.untilNextMinute ? minuteEnds : 0,
    )
  }

  /** How long nobody may call, whoever has leave. */
  closedForMs(now: Millis): Millis {
    return Math.max(0, this.#countedAt - now)
  }

  #count(now: Millis): void {
    const elapsed = now - this.#countedAt
    if (elapsed <= 0) return
    this.#tokens = Math.min(BURST, this.#tokens + (elapsed / 1000) * this.#perSecond)
    this.#perSecond = Math.min(MOST_PER_SECOND, this.#perSecond + (elapsed / RECOVERY_MS) * MOST_PER_SECOND)
    this.#countedAt = now
  }
}
