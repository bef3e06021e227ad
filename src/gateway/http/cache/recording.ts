import { Buffer } from 'node:buffer'
import type { CacheSpec } from '../../../core/cache.ts'
import type { Store } from './store.ts'
import { type Answered, type Asked, type Origin, storedOf } from './stored.ts'

interface About {
  readonly asked: Asked
  readonly answered: Answered
  readonly origin: Origin | null
  /** Of the store when the server was asked. */
  readonly edition: number
}

/** What is received of an answer that is to be kept. It ends by `end` or `drop`; a longer one than is kept drops itself. */
export class Recording {
  readonly #store: Store
  readonly #spec: CacheSpec
  readonly #about: About
  #parts: Buffer[] | null = []
  #bytes = 0

  constructor(store: Store, spec: CacheSpec, about: About) {
    this.#store = store
    this.#spec = spec
    this.#about = about
  }

  /** The bytes are copied: they are a part of what a socket has read. */
  data(bytes: Buffer, start: number, end: number): void {
    if (this.#parts === null) return
    const length = end - start
    const fits = this.#bytes + length <= this.#spec.largestBytes && this.#store.reserve(length)
    if (!fits) {
      this.drop()
      return
    }
    this.#bytes += length
    this.#parts.push(Buffer.from(bytes.subarray(start, end)))
  }

  end(): void {
    if (this.#parts === null) return
    const { asked, answered, origin, edition } = this.#about
    const body = Buffer.concat(this.#parts)
    this.drop()
    this.#store.put(storedOf(asked, answered, { body, origin }, this.#spec), edition)
  }

  drop(): void {
    this.#parts = null
    this.#store.release(this.#bytes)
    this.#bytes = 0
  }
}
