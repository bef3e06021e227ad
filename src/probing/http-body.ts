import { Buffer } from 'node:buffer'

/** How the end of a body is known: RFC 9112 6.3. */
export type Framing = 'chunked' | 'close' | { readonly length: number }

/** In place of the bytes that are left of a chunk: its size comes next, or the line end behind it. */
const SIZE_NEXT = -1
const END_NEXT = -2
/** A line with the size of a chunk that is longer than this is none. */
const MAX_SIZE_LINE = 1024
const SIZE = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/

/** A body that comes in pieces of latin1 text, a letter a byte. */
export class HttpBody {
  readonly #framing: Framing
  readonly #parts: string[] = []
  #bytes = 0
  /** Of a chunked body: what is not looked at yet. */
  #rest = ''
  /** Bytes of the chunk that are still to come, or what comes next. */
  #left = SIZE_NEXT

  constructor(framing: Framing) {
    this.#framing = framing
  }

  get length(): number {
    return this.#bytes
  }

  get bytes(): Buffer {
    return Buffer.from(this.#parts.join(''), 'latin1')
  }

  /** Is the end of the connection its end? */
  get endsWithConnection(): boolean {
    return this.#framing === 'close'
  }

  /** Has it ended with this? */
  push(text: string): boolean | 'malformed' {
    if (this.#framing === 'chunked') return this.#pushChunked(text)
    if (this.#framing === 'close') {
      this.#add(text)
      return false
    }
    this.#add(text.slice(0, this.#framing.length - this.#bytes))
    return this.#bytes === this.#framing.length
  }

  #add(text: string): void {
    this.#parts.push(text)
    this.#bytes += text.length
  }

  #pushChunked(text: string): boolean | 'malformed' {
    this.#rest += text
    for (;;) {
      if (this.#left >= 0) {
        const piece = this.#rest.slice(0, this.#left)
        this.#add(piece)
        this.#left -= piece.length
        this.#rest = this.#rest.slice(piece.length)
        if (this.#left > 0) return false
        this.#left = END_NEXT
      }
      const line = this.#line()
      if (line === null) return this.#rest.length > MAX_SIZE_LINE ? 'malformed' : false
      if (this.#left === END_NEXT) {
        if (line !== '') return 'malformed'
        this.#left = SIZE_NEXT
        continue
      }
      const size = SIZE.exec(line)?.[1]
      if (size === undefined) return 'malformed'
      this.#left = Number.parseInt(size, 16)
      if (this.#left === 0) return true
    }
  }

  #line(): string | null {
    const end = this.#rest.indexOf('\r\n')
    if (end < 0) return null
    const line = this.#rest.slice(0, end)
    this.#rest = this.#rest.slice(end + 2)
    return line
  }
}
