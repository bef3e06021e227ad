import type { ResponseSink } from '../client-side.ts'
import type { Answer, BodyFilter, Filter, Transaction } from './filter.ts'

/** Answers longer than this are not given: with 502 where their length is known, broken off where it is not. */
export class ResponseSize implements Filter {
  readonly #mostBytes: number

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  response({ transaction, head }: Answer): BodyFilter | null {
    if (head.body === 'none') return null
    if (head.contentLength < 0) return new Measured(this.#mostBytes, transaction)
    if (head.contentLength > this.#mostBytes) transaction.withhold('response-too-large')
    return null
  }
}

class Measured implements BodyFilter {
  next!: ResponseSink
  readonly #transaction: Transaction
  #left: number

  constructor(mostBytes: number, transaction: Transaction) {
    this.#left = mostBytes
    this.#transaction = transaction
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#left -= end - start
    if (this.#left >= 0) this.next.data(bytes, start, end)
  }

  flush(): boolean {
    if (this.#left >= 0) return this.next.flush()
    this.#transaction.breakOff('response-too-large')
    return true
  }

  end(trailers: Buffer | null): boolean {
    if (this.#left >= 0) return this.next.end(trailers)
    this.#transaction.breakOff('response-too-large')
    return false
  }

  clientDrained(): void {
    this.#transaction.drained(this)
  }

  abort(): void {}
}
