import type { Clock, Millis } from '../../../core/time.ts'
import type { Instance } from './instances.ts'

export interface Listing {
  readonly instances: readonly Instance[]
  readonly at: Millis
}

/** One list of an account and region for all fleets of the process: who asks soon after another gets the same answer, and who asks while
 *  it is read waits for it. */
export class SharedList {
  readonly #read: () => Promise<readonly Instance[]>
  readonly #clock: Clock
  readonly #freshForMs: Millis
  #last: Listing | null = null
  #reading: Promise<Listing> | null = null
  #edition = 0

  constructor(read: () => Promise<readonly Instance[]>, clock: Clock, freshForMs: Millis) {
    this.#read = read
    this.#clock = clock
    this.#freshForMs = freshForMs
  }

  recent(): Promise<Listing> {
    const last = this.#last
    if (last !== null && this.#clock.now() - last.at < this.#freshForMs) return Promise.resolve(last)
    return this.#reading ?? this.current()
  }

  /** Read now, whatever is known. */
  current(): Promise<Listing> {
    const edition = this.#edition
    const at = this.#clock.now()
    const reading = this.#read().then((instances) => {
      const listing = { instances, at }
      if (edition === this.#edition) this.#last = listing
      return listing
    })
    this.#reading = reading
    const done = () => {
      if (this.#reading === reading) this.#reading = null
    }
    reading.then(done, done)
    return reading
  }

  /** Something has been changed: what is known, and what is being read, is of before. */
  changed(): void {
    this.#edition++
    this.#last = null
    this.#reading = null
  }
}
