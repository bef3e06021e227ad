import type { Clock, Millis } from '../core/time.ts'

interface Timer {
  at: Millis
  /** Among timers of one instant the first set is the first to ring. */
  readonly order: number
  readonly ring: () => void
}

/** Turns of the microtask queue that settle everything which does not wait for a timer. */
const TURNS = 200
const SETTLED = Promise.resolve()

/** Time that passes only when told to. */
export class VirtualClock implements Clock {
  #now: Millis
  /** Where `advance` is going. */
  #untilAt: Millis
  #order = 0
  /** How far it has been set by `jump`. */
  #setMs: Millis = 0
  readonly #timers = new Set<Timer>()
  /** The time of those whose clock nobody sets. */
  readonly steady: Clock = {
    now: () => this.#now - this.#setMs,
    after: (ms, ring) => this.after(ms, ring),
    sleep: (ms, signal) => this.sleep(ms, signal),
  }

  constructor(startAt: Millis) {
    this.#now = startAt
    this.#untilAt = startAt
  }

  now(): Millis {
    return this.#now
  }

  after(ms: Millis, ring: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, ring }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  sleep(ms: Millis, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const stop = () => {
        cancel()
        reject(signal.reason)
      }
      const cancel = this.after(ms, () => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
      signal.addEventListener('abort', stop)
    })
  }

  /** Lets this much time pass: every timer on the way rings at its instant, and all that follows from it settles before the next. */
  async advance(ms: Millis): Promise<void> {
    this.#untilAt = this.#now + ms
    await settle()
    for (let timer = this.#next(); timer; timer = this.#next()) {
      this.#timers.delete(timer)
      this.#now = timer.at
      timer.ring()
      await settle()
    }
    this.#now = this.#untilAt
  }

  /** The wall clock is set: now is another instant, and timers keep their distance. So does the end of an `advance` on the way. */
  jump(ms: Millis): void {
    this.#now += ms
    this.#untilAt += ms
    this.#setMs += ms
    for (const timer of this.#timers) timer.at += ms
  }

  #next(): Timer | null {
    let next: Timer | null = null
    for (const timer of this.#timers) {
      const sooner = next === null || timer.at < next.at || (timer.at === next.at && timer.order < next.order)
      if (timer.at <= this.#untilAt && sooner) next = timer
    }
    return next
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await SETTLED
}
