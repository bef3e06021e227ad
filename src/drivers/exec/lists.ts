import type { Server } from '../../core/fleet.ts'
import type { Clock, Millis } from '../../core/time.ts'

/** What a list command gave, and when it was started: nothing later can be missing from it. */
export interface Listed {
  readonly servers: readonly Server[]
  readonly at: Millis
}

/** How long a tick waits for a list that begins to be old: the one before serves until it is twice as old as may be. */
const WAIT_MS = 250

/** One list command at a time, shared by all who ask; it goes on when they give up waiting. */
export class Lists {
  readonly #read: () => Promise<readonly Server[]>
  readonly #clock: Clock
  readonly #freshForMs: Millis
  #last: (Listed & { readonly change: number }) | null = null
  #flight: { readonly change: number; readonly listed: Promise<Listed> } | null = null
  /** Counts what we have changed: an older list may not show it. */
  #change = 0

  constructor(read: () => Promise<readonly Server[]>, clock: Clock, freshForMs: Millis) {
    this.#read = read
    this.#clock = clock
    this.#freshForMs = freshForMs
  }

  /** For looking: at most twice as old as fresh. A command that takes longer than `fresh` leaves its caller waiting. */
  async recent(signal: AbortSignal): Promise<Listed> {
    const last = this.#last
    if (last && this.#age(last) < this.#freshForMs) return last
    const listed = this.#join()
    if (last && this.#age(last) < 2 * this.#freshForMs) return await this.#orSoon(listed, last)
    return await until(listed, signal)
  }

  /** For acting: shows all that we have done before. */
  async current(signal: AbortSignal): Promise<Listed> {
    const last = this.#last
    if (last && last.change === this.#change && this.#age(last) < this.#freshForMs) return last
    return await until(this.#join(), signal)
  }

  /** Servers have been launched or retired. */
  changed(): void {
    this.#change++
  }

  #age({ at }: Listed): Millis {
    return this.#clock.now() - at
  }

  #join(): Promise<Listed> {
    if (this.#flight?.change === this.#change) return this.#flight.listed
    const flight = { change: this.#change, listed: this.#start(this.#change) }
    this.#flight = flight
    const landed = () => {
      if (this.#flight === flight) this.#flight = null
    }
    flight.listed.then(landed, landed)
    return flight.listed
  }

  async #start(change: number): Promise<Listed> {
    const at = this.#clock.now()
    const listed = { servers: await this.#read(), at }
    // One that was overtaken may end after its successor.
    if (!this.#last || this.#last.at <= at) this.#last = { ...listed, change }
    return listed
  }

  async #orSoon(listed: Promise<Listed>, last: Listed): Promise<Listed> {
    const over = new AbortController()
    const late = this.#clock.sleep(WAIT_MS, over.signal).then(
      () => last,
      () => last,
    )
    try {
      return await Promise.race([listed, late])
    } finally {
      over.abort()
    }
  }
}

/** Ends with the signal; what is waited for goes on. */
function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  return new Promise((done, fail) => {
    const give = () => fail(signal.reason)
    signal.addEventListener('abort', give, { once: true })
    promise.then(done, fail).finally(() => signal.removeEventListener('abort', give))
  })
}
