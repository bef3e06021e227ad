import { appendFile } from 'node:fs'
import type { AccessLogSpec } from '../../core/balancer.ts'
import { type AccessEntry, combinedLine, jsonLine } from './access-line.ts'

/** Text that may wait for the disk; more is dropped and counted, because traffic must not wait for a log. */
const MOST_BYTES = 1 << 20

/** Lines, appended in the background. The file is opened anew for each batch, so that it may be rotated by renaming. */
export class AccessLog {
  readonly spec: AccessLogSpec
  #dropped = 0
  #waiting = ''
  #writing = false
  #onWritten: (() => void) | null = null

  constructor(spec: AccessLogSpec) {
    this.spec = spec
  }

  add(entry: AccessEntry): void {
    if (this.#waiting.length >= MOST_BYTES) {
      this.#dropped++
      return
    }
    this.#waiting += (this.spec.format === 'json' ? jsonLine(entry) : combinedLine(entry)) + '\n'
  }

  /** Starts a write if there is something to write and none is under way. A disk that fails loses lines, not traffic. */
  flush(): void {
    if (this.#writing || this.#waiting === '') return
    const lines = this.#waiting
    this.#waiting = ''
    this.#writing = true
    appendFile(this.spec.path, lines, (error) => {
      this.#writing = false
      if (error) this.#dropped += lines.split('\n').length - 1
      this.#onWritten?.()
    })
  }

  /** Lines that were lost since the last time this was asked. */
  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }

  /** Resolves when all that waited has been written. */
  async close(): Promise<void> {
    while (this.#writing || this.#waiting !== '') {
      this.flush()
      await new Promise<void>((done) => (this.#onWritten = done))
    }
  }
}
