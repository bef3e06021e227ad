import type { OnReadOpts } from 'node:net'

/** What a quiet connection holds for its next read, and a busy one. */
const SMALL_BYTES = 4 * 1024
const LARGE_BYTES = 64 * 1024
/** Large ones that are kept for whoever is busy next. */
const MOST_FREE = 64

/** When memory that bytes were read into may be used for the next ones: at once, after `settle`, or never. */
export type Memory = 'free' | 'lent' | 'kept'

/** The buffers that one worker's connections read into: memory made for each read costs more than the bytes in it. */
export class ReadBuffers {
  readonly #free: Buffer[] = []

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(LARGE_BYTES)
  }

  give(buffer: Buffer): void {
    if (buffer.length === LARGE_BYTES && this.#free.length < MOST_FREE) this.#free.push(buffer)
  }
}

/** Of one connection that is opened with `onread`: where its bytes are read into, and who gets them. */
export class Reads {
  readonly onread: OnReadOpts
  /** Gets what was read, and says what becomes of the memory. Of several lent pieces, `settle` gives the last one back. */
  sink: (bytes: Buffer) => Memory = () => 'free'
  readonly #buffers: ReadBuffers
  #lent: Buffer | null = null
  #next: Buffer = Buffer.allocUnsafeSlow(SMALL_BYTES)

  constructor(buffers: ReadBuffers) {
    this.#buffers = buffers
    this.onread = {
      buffer: () => this.#next,
      callback: (bytes, buffer) => this.#read(bytes, buffer as Buffer),
    }
  }

  /** The sink is done with what it had kept, too. */
  settle(): void {
    if (this.#lent !== null) this.#buffers.give(this.#lent)
    this.#lent = null
  }

  /** Who has what is lent will not say when it is done with it. */
  forget(): void {
    this.#lent = null
  }

  #read(bytes: number, buffer: Buffer): boolean {
    const memory = this.sink(buffer.subarray(0, bytes))
    const isDone = memory === 'free'
    if (memory === 'lent') this.#lent = buffer
    // Full: there is more where that came from. Nearly empty: the large one is of more use to others.
    const isBusy = bytes === buffer.length || (buffer.length === LARGE_BYTES && bytes > SMALL_BYTES)
    const fits = isBusy === (buffer.length === LARGE_BYTES)
    if (isDone && fits) return true
    if (isDone) this.#buffers.give(buffer)
    this.#next = isBusy ? this.#buffers.take() : Buffer.allocUnsafeSlow(SMALL_BYTES)
    return true
  }
}
