import { asFault, messageOf } from '../../../core/fault.ts'
import type { History, HistoryAnswer, HistorySample, Imported, SeriesName } from '../../../core/history.ts'
import type { Sample } from '../../../core/metrics.ts'
import type { Clock, Logger, Millis } from '../../../core/time.ts'
import { HistoryThread } from './thread.ts'

/** A thousand fleets of 25 metrics each. Their names and ids are in memory: 4.4 MiB for so many. */
const MOST_SERIES = 25_000

/** How much a kill loses. Longer, and the disk is written less often. */
const FLUSH_MS = 10_000
/** Twenty minutes of fifty series. */
const MOST_QUEUED = 60_000
const CLOSE_MS = 3_000

export interface OpenHistory extends History, AsyncDisposable {
  /** Resolves when everything that was appended before is in the file, or is dropped. */
  flush(): Promise<void>
}

/** The history in a SQLite file of its own, which a thread of its own writes: nobody here waits for its disk. */
export function openSqliteHistory(
  path: string,
  ports: { readonly clock: Clock; readonly log: Logger },
  { maxBytes, maxSeries = MOST_SERIES }: { readonly maxBytes: number; readonly maxSeries?: number },
): OpenHistory {
  return new SqliteHistory(new HistoryThread({ path, limits: { maxBytes, maxSeries } }), ports)
}

class SqliteHistory implements OpenHistory {
  readonly #thread: HistoryThread
  readonly #clock: Clock
  readonly #log: Logger
  readonly #quit = new AbortController()
  #queue: HistorySample[] = []
  #flushing: Promise<void> = Promise.resolve()
  #dropped = 0
  #said = { dropped: 0, fault: '' }

  constructor(thread: HistoryThread, { clock, log }: { readonly clock: Clock; readonly log: Logger }) {
    this.#thread = thread
    this.#clock = clock
    this.#log = log
    void this.#run()
  }

  append(samples: readonly HistorySample[]): void {
    this.#queue.push(...samples)
    this.#trim()
  }

  dropped(): number {
    return this.#dropped
  }

  async read(query: Parameters<History['read']>[0]): Promise<HistoryAnswer> {
    await this.flush()
    return await this.#thread.ask({ kind: 'read', query, now: this.#clock.now() })
  }

  async series(): Promise<readonly SeriesName[]> {
    await this.flush()
    return await this.#thread.ask({ kind: 'series' })
  }

  async import(name: SeriesName, samples: readonly Sample[]): Promise<Imported> {
    await this.flush()
    const { ats, values } = columns(samples)
    const question = { kind: 'import' as const, name, ats, values, now: this.#clock.now() }
    return await this.#thread.ask(question, [ats.buffer, values.buffer])
  }

  /** One batch at a time: while the disk is slow, samples wait here, where their number is bounded. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#send())
    return this.#flushing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#quit.abort()
    const over = new AbortController()
    const closed = this.flush().then(() => this.#thread.ask({ kind: 'close' }))
    const late = this.#clock.sleep(CLOSE_MS, over.signal)
    await Promise.race([closed, late]).catch((error: unknown) =>
      this.#log.warn(`the history was not closed well: ${messageOf(error)}`),
    )
    late.catch(() => {})
    over.abort()
    await this.#thread.close()
  }

  async #run(): Promise<void> {
    const { signal } = this.#quit
    while (!signal.aborted) {
      await this.#clock.sleep(FLUSH_MS, signal).catch(() => {})
      if (!signal.aborted) await this.flush()
    }
  }

  async #send(): Promise<void> {
    if (this.#queue.length === 0) return
    const batch = this.#queue
    this.#queue = []
    const names = new Map<string, { readonly index: number; readonly name: SeriesName }>()
    const series = Uint32Array.from(batch, ({ fleet, metric }) => {
      const key = `${fleet}\n${metric}`
      const known = names.get(key) ?? { index: names.size, name: { fleet, metric } }
      names.set(key, known)
      return known.index
    })
    const { ats, values } = columns(batch)
    const list = [...names.values()].map(({ name }) => name)
    const now: Millis = this.#clock.now()
    const question = { kind: 'append' as const, now, names: list, series, ats, values }
    try {
      this.#dropped += await this.#thread.ask<number>(question, [series.buffer, ats.buffer, values.buffer])
      this.#say('')
    } catch (error) {
      this.#queue = [...batch, ...this.#queue]
      this.#say(messageOf(asFault(error)))
    }
    this.#trim()
  }

  /** The oldest go: they would be too late first. */
  #trim(): void {
    const excess = this.#queue.length - MOST_QUEUED
    if (excess <= 0) return
    this.#queue = this.#queue.slice(excess)
    this.#dropped += excess
  }

  /** A fault is told when it begins and when it is over, dropped samples each time that their number has doubled. */
  #say(fault: string): void {
    if (fault !== '' && fault !== this.#said.fault) this.#log.warn(`the history cannot be written: ${fault}`)
    if (fault === '' && this.#said.fault !== '') this.#log.info('the history is written again')
    const dropped = this.#dropped >= 2 * this.#said.dropped && this.#dropped > 0
    if (dropped) this.#log.warn(`the history has dropped ${this.#dropped} samples so far`)
    this.#said = { fault, dropped: dropped ? this.#dropped : this.#said.dropped }
  }
}

function columns(samples: readonly Sample[]) {
  return {
    ats: Float64Array.from(samples, ({ at }) => at),
    values: Float64Array.from(samples, ({ value }) => value),
  }
}
