import { Buffer } from 'node:buffer'
import { HeaderLines } from './header-lines.ts'
import { scanHeaderLines } from './scan.ts'
import { CONTENT_LENGTH, CR, HOST, LF, TRANSFER_ENCODING } from './tokens.ts'

const LIMITS = { headerBytes: 8192, headerCount: 32 }

/** Of another message's frame: whoever sends these after a body hopes that somebody takes them for a head's. */
const FRAMING = [HOST, CONTENT_LENGTH, TRANSFER_ENCODING]

/** RFC 9110 6.5.1: what routes, authenticates, conditions or describes a message comes too late here, and is left out. */
const LEFT_OUT = new Set(
  `age authorization cache-control content-encoding content-range content-type cookie date expires if-match
  if-modified-since if-none-match if-range if-unmodified-since location max-forwards origin pragma range retry-after
  set-cookie vary warning www-authenticate proxy-authentication-info x-real-ip`.split(/\s+/),
)

const EMPTY = Buffer.alloc(0)

/** Reads the lines between the last chunk and the empty line that ends the message, split anywhere. Rare, so it copies. */
export class TrailerReader {
  isOver = false
  isBad = false
  /** Lines that may be forwarded, each with its CRLF; null = none. */
  kept: Buffer | null = null
  #seen = EMPTY
  readonly #head = { limits: LIMITS, lines: new HeaderLines(), scanned: 0 }

  reset(): void {
    this.isOver = false
    this.isBad = false
    this.kept = null
    this.#seen = EMPTY
  }

  /** Returns the offset behind what belongs to the trailers. */
  read(bytes: Buffer, start: number, end: number): number {
    let at = start
    // Nearly every body ends without trailers.
    if (this.#seen === EMPTY && at + 1 < end && bytes[at] === CR && bytes[at + 1] === LF) {
      this.isOver = true
      return at + 2
    }
    while (at < end && !this.isOver && !this.isBad) {
      const newline = bytes.indexOf(LF, at)
      const stop = newline < 0 || newline >= end ? end : newline + 1
      this.isBad = this.#seen.length + stop - at > LIMITS.headerBytes
      if (!this.isBad) {
        this.#seen = Buffer.concat([this.#seen, bytes.subarray(at, stop)])
        if (bytes[stop - 1] === LF) this.#parse()
      }
      at = stop
    }
    return at
  }

  /** Everything so far, once a line: at most 32 times 8 KiB. */
  #parse(): void {
    const { lines } = this.#head
    lines.clear()
    const next = scanHeaderLines(this.#seen, 0, this.#seen.length, this.#head)
    this.isBad = next < 0 || FRAMING.some((id) => lines.has(id))
    if (next <= 0 || this.isBad) return
    this.isOver = true
    const kept: Buffer[] = []
    for (let line = 0; line < lines.count; line++) {
      const start = lines.start(line)
      const name = this.#seen.toString('latin1', start, lines.nameEnd(line)).toLowerCase()
      if (lines.id(line) === 0 && !LEFT_OUT.has(name))
        kept.push(this.#seen.subarray(start, lines.start(line + 1)))
    }
    if (kept.length > 0) this.kept = Buffer.concat(kept)
  }
}
