import type { Buffer } from 'node:buffer'
import type { Output } from './output.ts'

/** What ChunkedDecoder.next found. */
export const CHUNK_MORE = 0
export const CHUNK_DATA = 1
export const CHUNK_END = 2
export const CHUNK_BAD = -1

/**
 * Scans a chunked body split anywhere:
 *
 *     for (;;) {
 *       const found = decoder.next(bytes, at, end)
 *       at = decoder.position
 *       CHUNK_DATA: bytes[dataStart..dataEnd) is data; CHUNK_MORE: all bytes are used up; CHUNK_END: body and trailers are over;
 *       CHUNK_BAD: malformed, answer 400 or 502 and close
 *     }
 */
export class ChunkedDecoder {
  position = 0
  dataStart = 0
  dataEnd = 0
  /** After CHUNK_END: trailer lines that may be forwarded, each with its CRLF; null = none. */
  trailers: Buffer | null = null

  /** Ready for another body. */
  reset(): void {
    throw new Error('soon')
  }

  next(_bytes: Buffer, _start: number, _end: number): number {
    throw new Error('soon')
  }
}

/** Appends a chunk's size line. Data and CHUNK_CLOSE must follow. Size 0 is refused by assertion: it would end the body. */
export function writeChunkSize(_size: number, _out: Output): void {
  throw new Error('soon')
}

/** Appends the last chunk, the trailers and the end. */
export function writeLastChunk(_trailers: Buffer | null, _out: Output): void {
  throw new Error('soon')
}
