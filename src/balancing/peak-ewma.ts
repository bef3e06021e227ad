import type { Millis } from '../core/time.ts'

/** How fast what was learned fades. */
const TAU_MS = 10_000
/** An error counts as an answer so slow, or twice as slow as the last ones: a server that fails at once must not look fast. */
const ERROR_MS = 2_000

/**
 * A member's latency as one worker sees it: a mean that falls slowly and rises at once (peak EWMA; Finagle, linkerd2), and the age of the
 * requests that wait for an answer, as nginx's `least_time inflight` has it: a server that hangs is noticed before it answers.
 */
export class PeakEwma {
  #cost: Millis = 0
  #at: Millis = 0
  #waiting = 0
  /** Sum of the times at which those that wait began. */
  #began: Millis = 0

  /** A request has been sent. Times are of any monotonic clock. */
  begin(now: Millis): void {
    this.#waiting++
    this.#began += now
  }

  /** It waits no longer, whatever came of it. */
  end(began: Millis): void {
    this.#waiting--
    this.#began -= began
  }

  observe(ms: Millis, failed: boolean, now: Millis): void {
    const before = this.#decayed(now)
    const cost = failed ? Math.max(ERROR_MS, 2 * before) : ms
    this.#cost = cost > before ? cost : before + (cost - before) * (1 - Math.exp((this.#at - now) / TAU_MS))
    this.#at = now
  }

  read(now: Millis): Millis {
    const age = this.#waiting === 0 ? 0 : now - this.#began / this.#waiting
    return Math.max(this.#decayed(now), age)
  }

  #decayed(now: Millis): Millis {
    return this.#cost === 0 ? 0 : this.#cost * Math.exp((this.#at - now) / TAU_MS)
  }
}
