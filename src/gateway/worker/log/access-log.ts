import { appendFile } from 'node:fs'
import type { AccessLogSpec } from '../../../core/balancer.ts'
import { type AccessEntry, combinedLine, jsonLine } from './access-line.ts'

/** What may wait for the disk; more is dropped and counted, because traffic must not wait for a log. */
const MOST_BYTES = 1 << 20
const SLAB_BYTES = 256 * 1024
/** Of a UTF-16 unit in UTF-8. */
const MOST_BYTES_OF_UNIT = 3

/** Lines, appended in the background. The file is opened anew for each batch, so that it may be rotated by renaming. */
export class AccessLog {
  readonly spec: AccessLogSpec
  #dropped = 0
  /** Slabs that are full, and the one that is being filled. */
  #full: Buffer[] = []
  #slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES)
  #at = 0
  #bytes = 0
  #lines = 0
  #spare: Buffer | null = null
  #writing = false
  #onWritten: (() => void) | null = null

  constructor(spec: AccessLogSpec) {
    this.spec = spec
  }

  add(entry: AccessEntry): void {
    if (this.#bytes >= MOST_BYTES) {
      this.#dropped++
      return
    }
    const line = `${this.spec.format === 'json' ? jsonLine(entry) : combinedLine(entry)}\n`
    const most = line.length * MOST_BYTES_OF_UNIT
    if (this.#at + most > this.#slab.length) this.#turn(most)
    const bytes = this.#slab.write(line, this.#at)
    this.#at += bytes
    this.#bytes += bytes
    this.#lines++
  }

  /** Starts a write if there is something to write and none is under way. A disk that fails loses lines, not traffic. */
  flush(): void {
    if (this.#writing || this.#bytes === 0) return
    const [slab, lines] = [this.#slab, this.#lines]
    this.#turn(SLAB_BYTES)
    const written = this.#full.length === 1 ? this.#full[0]! : Buffer.concat(this.#full)
    this.#full = []
    this.#bytes = 0
    this.#lines = 0
    this.#writing = true
    appendFile(this.spec.path, written, (error) => {
      this.#writing = false
      this.#spare = slab
      if (error) this.#dropped += lines
      this.#onWritten?.()
    })
  }

  #turn(leastBytes: number): void {
    if (this.#at > 0) this.#full.push(this.#slab.subarray(0, this.#at))
    const spare = this.#spare !== null && this.#spare.length >= leastBytes ? this.#spare : null
    this.#slab = spare ?? Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, leastBytes))
    this.#spare = null
    this.#at = 0
  }

  /** Lines that were lost since the last time this was asked. */
  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }

  /** Resolves when all that waited has been written. */
  async close(): Promise<void> {
    while (this.#writing || this.#bytes > 0) {
      this.flush()
      await new Promise<void>((done) => (this.#onWritten = done))
    }
  }
}
