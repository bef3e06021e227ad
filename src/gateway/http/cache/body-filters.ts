import type { Buffer } from 'node:buffer'
import type { ResponseSink } from '../client-side.ts'
import type { BodyFilter, Transaction } from '../filters/filter.ts'
import type { Recording } from './recording.ts'

/** Keeps a body while it passes by. */
export class Recorder implements BodyFilter {
  next!: ResponseSink
  readonly #recording: Recording
  readonly #transaction: Transaction
  readonly #letGo: () => void

  /** `letGo`: nobody should wait for it any longer. */
  constructor(recording: Recording, transaction: Transaction, letGo: () => void) {
    this.#recording = recording
    this.#transaction = transaction
    this.#letGo = letGo
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#recording.data(bytes, start, end)
    this.next.data(bytes, start, end)
  }

  flush(): boolean {
    const takesMore = this.next.flush()
    // Others must not go at the pace of a client that does not read.
    if (!takesMore) this.#letGo()
    return takesMore
  }

  end(trailers: Buffer | null): boolean {
    // What came with trailers is not kept: nobody would get them again.
    if (trailers === null) this.#recording.end()
    else this.#recording.drop()
    this.#letGo()
    return this.next.end(trailers)
  }

  clientDrained(): void {
    this.#transaction.drained(this)
  }

  abort(): void {
    this.#recording.drop()
  }
}

/** Gives a kept body in place of the one that comes. */
export class Replay implements BodyFilter {
  next!: ResponseSink
  readonly #body: Buffer
  readonly #transaction: Transaction

  constructor(body: Buffer, transaction: Transaction) {
    this.#body = body
    this.#transaction = transaction
  }

  data(): void {}

  flush(): boolean {
    return true
  }

  end(): boolean {
    if (this.#body.length > 0) this.next.data(this.#body, 0, this.#body.length)
    this.next.flush()
    return this.next.end(null)
  }

  clientDrained(): void {
    this.#transaction.drained(this)
  }

  abort(): void {}
}
