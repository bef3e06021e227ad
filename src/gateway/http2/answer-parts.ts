import type { Buffer } from 'node:buffer'
import type { Writable } from 'node:stream'
import { COPIED_BYTES } from '../http1/message-writer.ts'
import type { Output } from '../http1/output.ts'
import type { Memory } from '../worker/reads.ts'

/** The body of an answer on its way into its stream. */
export class AnswerParts {
  readonly #out: Output
  /** The last one, which leaves together with the end if that follows at once. */
  #last: Buffer | null = null
  /** Some wait as they stand in their reader's memory. */
  #hasSlices = false

  constructor(out: Output) {
    this.#out = out
  }

  add(stream: Writable, bytes: Buffer, start: number, end: number): void {
    this.flush(stream)
    // Many short slices would each hold their reader's whole buffer while they wait.
    const isCopied = end - start <= COPIED_BYTES || stream.writableLength > 0
    this.#last = isCopied ? this.#copy(bytes, start, end) : bytes.subarray(start, end)
    if (!isCopied) this.#hasSlices = true
  }

  flush(stream: Writable): void {
    if (this.#last !== null) stream.write(this.#last)
    this.#last = null
  }

  end(stream: Writable): void {
    if (this.#last === null) stream.end()
    else stream.end(this.#last)
    this.#last = null
  }

  /** What was written has left. */
  drained(): void {
    this.#hasSlices = false
  }

  clear(): void {
    this.#last = null
    this.#hasSlices = false
  }

  /** The stream tells that all has left only when it had too much of it. */
  memoryOf(stream: Writable): Memory {
    if (!this.#hasSlices) return 'free'
    return stream.writableNeedDrain ? 'lent' : 'kept'
  }

  #copy(bytes: Buffer, start: number, end: number): Buffer {
    this.#out.discard()
    this.#out.copy(bytes, start, end)
    return this.#out.take()
  }
}
