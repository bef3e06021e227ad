import { Buffer } from 'node:buffer'
import type { Output } from './output.ts'
import { CR, HEX, HTAB, LF, SEMICOLON, SP } from './tokens.ts'
import { TrailerReader } from './trailers.ts'

/** What ChunkedDecoder.next found. */
export const CHUNK_MORE = 0
export const CHUNK_DATA = 1
export const CHUNK_END = 2
export const CHUNK_BAD = -1

/** Eight digits are 4 GiB; more must be sent in several chunks. */
const SIZE_DIGITS = 8
/** Of one body: extensions mean nothing to anybody, and cost a reader as much as data. */
const EXTENSION_BYTES = 4096

//   SIZE ──digit──▶ SIZE ──;──▶ EXTENSION ──CR──▶ SIZE_LF ──LF, size > 0──▶ DATA ──all──▶ DATA_CR ──▶ DATA_LF ──▶ SIZE
//                    └──────────────CR─────────────▲   └──LF, size = 0──▶ TRAILERS ──empty line──▶ ENDED
const SIZE = 0
const EXTENSION = 1
const SIZE_LF = 2
const DATA = 3
const DATA_CR = 4
const DATA_LF = 5
const TRAILERS = 6
const ENDED = 7
const BROKEN = 8

/**
 * Scans a chunked body split anywhere, without copying data:
 *
 *     for (;;) {
 *       const found = decoder.next(bytes, at, end)
 *       at = decoder.position
 *       CHUNK_DATA: bytes[dataStart..dataEnd) is data; CHUNK_MORE: all bytes are used up; CHUNK_END: body and trailers are over;
 *       CHUNK_BAD: malformed, answer 400 or 502 and close
 *     }
 *
 * Strict: hexadecimal digits and nothing else but extensions, CRLF only.
 */
export class ChunkedDecoder {
  /** Where the next call must start. */
  position = 0
  dataStart = 0
  dataEnd = 0
  #state = SIZE
  #digits = 0
  /** Of the chunk: its size, then what of it has not come yet. */
  #left = 0
  #extensionBytes = 0
  readonly #trailers = new TrailerReader()

  /** After CHUNK_END: trailer lines that may be forwarded, each with its CRLF; null = none. */
  get trailers(): Buffer | null {
    return this.#trailers.kept
  }

  /** Ready for another body. */
  reset(): void {
    this.#state = SIZE
    this.#digits = 0
    this.#left = 0
    this.#extensionBytes = 0
    this.#trailers.reset()
  }

  next(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end && this.#state < TRAILERS) {
      if (this.#state === DATA) return this.#takeData(at, end)
      this.#state = this.#step(bytes[at++]!)
    }
    if (this.#state === TRAILERS && at < end) {
      at = this.#trailers.read(bytes, at, end)
      if (this.#trailers.isOver) this.#state = ENDED
      if (this.#trailers.isBad) this.#state = BROKEN
    }
    this.position = at
    if (this.#state === BROKEN) return CHUNK_BAD
    return this.#state === ENDED ? CHUNK_END : CHUNK_MORE
  }

  #takeData(at: number, end: number): number {
    const length = Math.min(this.#left, end - at)
    this.#left -= length
    if (this.#left === 0) this.#state = DATA_CR
    this.dataStart = at
    this.dataEnd = this.position = at + length
    return CHUNK_DATA
  }

  /** The state after one byte that is neither data nor trailer. */
  #step(byte: number): number {
    if (this.#state === SIZE) return this.#stepSize(byte)
    if (this.#state === EXTENSION) {
      if (byte === CR) return SIZE_LF
      const isText = byte === HTAB || (byte >= SP && byte < 0x7f)
      return isText && ++this.#extensionBytes <= EXTENSION_BYTES ? EXTENSION : BROKEN
    }
    if (this.#state === DATA_CR) return byte === CR ? DATA_LF : BROKEN
    if (byte !== LF) return BROKEN
    if (this.#state === DATA_LF) {
      this.#digits = 0
      return SIZE
    }
    return this.#left === 0 ? TRAILERS : DATA
  }

  #stepSize(byte: number): number {
    const value = HEX[byte]!
    if (value < 16) {
      this.#left = this.#left * 16 + value
      return ++this.#digits <= SIZE_DIGITS ? SIZE : BROKEN
    }
    if (this.#digits === 0) return BROKEN
    if (byte === CR) return SIZE_LF
    return byte === SEMICOLON ? EXTENSION : BROKEN
  }
}

/** Ends a chunk's data. */
export const CHUNK_CLOSE = Buffer.from('\r\n')
const LAST_SIZE = Buffer.from('0\r\n')

/** Appends a chunk's size line; data and CHUNK_CLOSE must follow. The size is positive: 0 would end the body. */
export function writeChunkSize(size: number, out: Output): void {
  out.text(size.toString(16))
  out.add(CHUNK_CLOSE)
}

/** Appends the last chunk, the trailers and the end. */
export function writeLastChunk(trailers: Buffer | null, out: Output): void {
  out.add(LAST_SIZE)
  if (trailers !== null) out.add(trailers)
  out.add(CHUNK_CLOSE)
}
