import type { Millis } from '../../core/time.ts'

interface Entry {
  readonly at: Millis
  readonly value: number
}

/** Numbers of the last `keptMs`. A window ends now and does not hold its own beginning. */
export class Recent {
  readonly #keptMs: Millis
  #entries: Entry[] = []

  constructor(keptMs: Millis) {
    this.#keptMs = keptMs
  }

  add(at: Millis, value: number): void {
    while (this.#entries.length > 0 && this.#entries[0]!.at <= at - this.#keptMs) this.#entries.shift()
    this.#entries.push({ at, value })
  }

  /** `otherwise` too is one of the numbers. */
  highest(now: Millis, windowMs: Millis, otherwise: number): number {
    return this.#fold(now - windowMs, otherwise, Math.max)
  }

  lowest(now: Millis, windowMs: Millis, otherwise: number): number {
    return this.#fold(now - windowMs, otherwise, Math.min)
  }

  sum(now: Millis, windowMs: Millis): number {
    return this.#fold(now - windowMs, 0, (sum, value) => sum + value)
  }

  #fold(after: Millis, first: number, join: (all: number, value: number) => number): number {
    let all = first
    for (const { at, value } of this.#entries) if (at > after) all = join(all, value)
    return all
  }
}
