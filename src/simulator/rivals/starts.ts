import type { Millis } from '../../core/time.ts'

/** So many of the newest are enough to know. */
const NEWEST = 20

/** How long servers took from their launch until they served, as a controller learns it from its own. */
export class Starts {
  readonly #launchedAt: Millis[] = []
  readonly #tookMs: Millis[] = []
  #serving = 0
  #have = 0

  /** What is there now: who serves more than before has been launched first. */
  look(serving: number, have: number, now: Millis): void {
    for (let joined = serving - this.#serving; joined > 0; joined--) {
      const launchedAt = this.#launchedAt.shift()
      if (launchedAt !== undefined) this.#tookMs.push(now - launchedAt)
    }
    this.#tookMs.splice(0, this.#tookMs.length - NEWEST)
    this.#serving = serving
    this.#have = have
  }

  /** Servers that are taken away before they serve are the last that were launched. */
  decide(want: number, now: Millis): void {
    const starting = this.#have - this.#serving
    const left = starting + Math.max(want - this.#have, -starting)
    while (this.#launchedAt.length < left) this.#launchedAt.push(now)
    this.#launchedAt.length = left
  }

  /** The longest of the newest; `otherwise` while none is known. */
  longestMs(otherwise: Millis): Millis {
    return this.#tookMs.length === 0 ? otherwise : Math.max(...this.#tookMs)
  }
}
