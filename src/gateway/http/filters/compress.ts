import type { Buffer } from 'node:buffer'
import {
  type BrotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  type Gzip,
  type ZstdCompress,
} from 'node:zlib'
import type { CompressSpec, Encoding } from '../../../core/traffic.ts'
import { fieldText } from '../../http1/field-text.ts'
import type { ResponseHead } from '../../http1/response-head.ts'
import { isWord } from '../../http1/tokens.ts'
import type { ResponseSink } from '../client-side.ts'
import { chooseEncoding } from './accept-encoding.ts'
import type { Answer, BodyFilter, Filter, Transaction } from './filter.ts'

/** Below this much more, a compressor may hold what it has been given. */
const BUFFERED_BYTES = 256 * 1024

/** Compresses the answers for which that helps, in the encoding that the client likes best. */
export class Compress implements Filter {
  readonly #spec: CompressSpec
  /** By transaction: what its client takes. The head is gone when the answer comes. */
  readonly #accepted = new WeakMap<Transaction, Encoding>()

  constructor(spec: CompressSpec) {
    this.#spec = spec
  }

  request(transaction: Transaction): 'next' {
    const { head, bytes } = transaction
    const encoding = chooseEncoding(fieldText(bytes!, head.lines, 'accept-encoding'), this.#spec.encodings)
    if (encoding === null) this.#accepted.delete(transaction)
    else this.#accepted.set(transaction, encoding)
    return 'next'
  }

  response({ transaction, head, bytes }: Answer): BodyFilter | null {
    if (!this.#isWorthIt(head, bytes)) return null
    head.added += 'Vary: Accept-Encoding\r\n'
    const encoding = this.#accepted.get(transaction)
    if (encoding === undefined || head.body === 'none') return null
    weaken(head, bytes)
    head.added += `Content-Encoding: ${encoding}\r\n`
    head.body = 'chunked'
    head.contentLength = -1
    return new Compressor(encoding, transaction)
  }

  #isWorthIt(head: ResponseHead, bytes: Buffer): boolean {
    if (head.status < 200 || head.status === 204 || head.status === 206 || head.status === 304) return false
    const length = head.contentLength
    if (length >= 0 && length < this.#spec.leastBytes) return false
    const { lines } = head
    if (fieldText(bytes, lines, 'content-encoding') !== null) return false
    if (/no-transform/i.test(fieldText(bytes, lines, 'cache-control') ?? '')) return false
    const type = (fieldText(bytes, lines, 'content-type') ?? '').split(';')[0]!.trim().toLowerCase()
    return this.#spec.types.some((wanted) =>
      wanted.endsWith('/*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted,
    )
  }
}

/** Another encoding is another representation: an ETag is weak, and ranges of the plain one mean nothing (RFC 9110 8.8.3.3). */
function weaken(head: ResponseHead, bytes: Buffer): void {
  const { lines } = head
  for (let line = 0; line < lines.count; line++) {
    const [start, end] = [lines.start(line), lines.nameEnd(line)]
    if (isWord(bytes, start, end, 'accept-ranges')) lines.drop(line)
    else if (isWord(bytes, start, end, 'etag')) {
      const tag = bytes.toString('latin1', lines.valueStart(line), lines.valueEnd(line))
      if (tag.startsWith('W/')) continue
      lines.drop(line)
      head.added += `ETag: W/${tag}\r\n`
    }
  }
}

type Stream = Gzip | BrotliCompress | ZstdCompress

function openStream(encoding: Encoding): { stream: Stream; flush: number } {
  switch (encoding) {
    case 'gzip':
      return { stream: createGzip({ level: 5 }), flush: constants.Z_SYNC_FLUSH }
    case 'br': {
      const params = { [constants.BROTLI_PARAM_QUALITY]: 4 }
      return { stream: createBrotliCompress({ params }), flush: constants.BROTLI_OPERATION_FLUSH }
    }
    case 'zstd':
      return { stream: createZstdCompress(), flush: constants.ZSTD_e_flush }
    default:
      return encoding satisfies never
  }
}

/** One answer's body on its way through a compressor, which works in the runtime's thread pool. */
class Compressor implements BodyFilter {
  next!: ResponseSink
  readonly #transaction: Transaction
  readonly #stream: Stream
  readonly #flush: number
  #trailers: Buffer | null = null
  #isFull = false
  #isDirty = false

  constructor(encoding: Encoding, transaction: Transaction) {
    const { stream, flush } = openStream(encoding)
    this.#transaction = transaction
    this.#stream = stream
    this.#flush = flush
    stream.on('data', (chunk: Buffer) => this.#give(chunk))
    stream.on('drain', () => this.#drained())
    stream.on('end', () => this.#finish())
    // Only abort destroys it; out of memory, say, the answer breaks off.
    stream.on('error', () => transaction.breakOff('compress-failed'))
  }

  data(bytes: Buffer, start: number, end: number): void {
    if (start === end) return
    this.#isDirty = true
    this.#stream.write(bytes.subarray(start, end))
  }

  /** What has come leaves at once: a stream of events must not wait for its next ones. */
  flush(): boolean {
    if (this.#isDirty && this.#stream.writableLength < BUFFERED_BYTES) this.#stream.flush(this.#flush)
    this.#isDirty = false
    this.#isFull = this.#stream.writableNeedDrain
    return !this.#isFull
  }

  end(trailers: Buffer | null): boolean {
    this.#trailers = trailers
    this.#stream.end()
    return false
  }

  clientDrained(): void {
    this.#stream.resume()
  }

  abort(): void {
    this.#stream.removeAllListeners('data')
    this.#stream.destroy()
  }

  #give(chunk: Buffer): void {
    this.next.data(chunk, 0, chunk.length)
    if (this.next.flush()) return
    this.#stream.pause()
    this.#transaction.awaitRoom()
  }

  #drained(): void {
    if (!this.#isFull) return
    this.#isFull = false
    this.#transaction.drained(this)
  }

  #finish(): void {
    if (this.next.end(this.#trailers)) this.#transaction.finished()
  }
}
