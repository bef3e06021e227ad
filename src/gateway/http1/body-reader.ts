import { CHUNK_DATA, CHUNK_END, CHUNK_MORE, ChunkedDecoder } from '../http1/chunked.ts'
import type { BodyKind } from '../http1/header-lines.ts'

/** Finds the data and the end of a body of any framing, split anywhere. Used as ChunkedDecoder is. */
export class BodyReader {
  position = 0
  dataStart = 0
  dataEnd = 0
  /** False from `begin` until CHUNK_END has been found (or `ended` called). */
  done = true
  #kind: BodyKind = 'none'
  #remaining = 0
  #decoder: ChunkedDecoder | null = null

  get trailers(): Buffer | null {
    return this.#kind === 'chunked' ? this.#decoder!.trailers : null
  }

  get kind(): BodyKind {
    return this.#kind
  }

  begin(kind: BodyKind, length: number): void {
    this.#kind = kind
    this.#remaining = length
    this.done = false
    if (kind !== 'chunked') return
    if (this.#decoder === null) this.#decoder = new ChunkedDecoder()
    else this.#decoder.reset()
  }

  next(bytes: Buffer, start: number, end: number): number {
    const found = this.#kind === 'chunked' ? this.#nextChunk(bytes, start, end) : this.#nextPlain(start, end)
    if (found === CHUNK_END) this.done = true
    return found
  }

  /** The peer has ended its side: true when the body is whole by that. */
  endOfInput(): boolean {
    if (this.#kind === 'until-close') this.done = true
    return this.done
  }

  #nextChunk(bytes: Buffer, start: number, end: number): number {
    const decoder = this.#decoder!
    const found = decoder.next(bytes, start, end)
    this.position = decoder.position
    this.dataStart = decoder.dataStart
    this.dataEnd = decoder.dataEnd
    return found
  }

  #nextPlain(start: number, end: number): number {
    this.position = start
    if (this.#kind === 'none') return CHUNK_END
    if (this.#kind === 'sized' && this.#remaining === 0) return CHUNK_END
    if (start === end) return CHUNK_MORE
    this.dataStart = start
    this.dataEnd = this.#kind === 'sized' ? Math.min(end, start + this.#remaining) : end
    this.#remaining -= this.dataEnd - start
    this.position = this.dataEnd
    return CHUNK_DATA
  }
}
