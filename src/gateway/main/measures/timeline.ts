import type { Millis } from '../../../core/time.ts'

/** The last `size` instants, and for any number of running totals their values then: means and rates over any window of that time. */
export class Timeline {
  readonly #at: Float64Array
  #count = 0

  constructor(size: number) {
    this.#at = new Float64Array(size)
  }

  get size(): number {
    return this.#at.length
  }

  /** The place that the newest instant has. */
  push(at: Millis): number {
    const place = this.#count++ % this.size
    this.#at[place] = at
    return place
  }

  /** The newest instant at or before `at`; else the oldest there is; null when there is none. */
  before(at: Millis): { readonly place: number; readonly at: Millis } | null {
    for (let back = 1; back <= Math.min(this.#count, this.size); back++) {
      const place = (this.#count - back) % this.size
      const oldest = back === Math.min(this.#count, this.size)
      if (this.#at[place]! <= at || oldest) return { place, at: this.#at[place]! }
    }
    return null
  }
}
