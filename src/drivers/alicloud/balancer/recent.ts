import type { Clock, Millis } from '../../../core/time.ts'

/** All who ask at about the same time share one answer. */
const FRESH_MS = 2_000

const NEVER = new AbortController().signal

/** Something that is read from the cloud for several who ask. */
export class Recent<T> {
  readonly #read: (signal: AbortSignal) => Promise<T>
  readonly #clock: Clock
  #last: { readonly at: Millis; readonly answer: Promise<T> } | null = null

  constructor(read: (signal: AbortSignal) => Promise<T>, clock: Clock) {
    this.#read = read
    this.#clock = clock
  }

  /** Nobody who goes away ends what others wait for. */
  get(): Promise<T> {
    const now = this.#clock.now()
    if (this.#last !== null && now - this.#last.at < FRESH_MS) return this.#last.answer
    const answer = this.#read(NEVER)
    const last = { at: now, answer }
    this.#last = last
    answer.catch(() => {
      if (this.#last === last) this.#last = null
    })
    return answer
  }

  /** It has changed. */
  forget(): void {
    this.#last = null
  }
}
