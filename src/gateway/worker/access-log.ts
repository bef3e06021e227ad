import { appendFile } from 'node:fs'

/** Text that may wait for the disk; more is dropped and counted, because traffic must not wait for a log. */
const MOST_BYTES = 1 << 20

export interface AccessEntry {
  /** Epoch ms. */
  readonly at: number
  readonly listener: string
  readonly client: string
  readonly method: string
  readonly host: string
  /** As sent, with its query. */
  readonly path: string
  /** 0 = none was sent. */
  readonly status: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly ms: number
  readonly pool: string | null
  readonly server: string | null
  readonly retries: number
  /** Why the gateway answered itself or gave up; null when the server's answer went through. */
  readonly why: string | null
}

/** JSON lines, appended in the background. The file is opened anew for each batch, so that it may be rotated by renaming. */
export class AccessLog {
  readonly path: string
  #dropped = 0
  #waiting = ''
  #writing = false
  #onWritten: (() => void) | null = null

  constructor(path: string) {
    this.path = path
  }

  add(entry: AccessEntry): void {
    if (this.#waiting.length >= MOST_BYTES) {
      this.#dropped++
      return
    }
    const { at, ms, ...rest } = entry
    const line = { time: new Date(at).toISOString(), ms: Math.round(ms * 1000) / 1000, ...rest }
    this.#waiting += JSON.stringify(line) + '\n'
  }

  /** Starts a write if there is something to write and none is under way. A disk that fails loses lines, not traffic. */
  flush(): void {
    if (this.#writing || this.#waiting === '') return
    const lines = this.#waiting
    this.#waiting = ''
    this.#writing = true
    appendFile(this.path, lines, (error) => {
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
