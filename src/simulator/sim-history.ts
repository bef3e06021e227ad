import type { History, HistorySample } from '../core/history.ts'
import { HistoryBook, type HistoryLimits } from '../core/history-book.ts'
import { LEVELS } from '../core/history-levels.ts'
import type { SeriesEntry, Shelf } from '../core/history-shelf.ts'
import type { Sample } from '../core/metrics.ts'
import type { Clock, Millis } from '../core/time.ts'

const LIMITS: HistoryLimits = { maxBytes: 256 * 2 ** 20, maxSeries: 2_000 }

/** A history in memory. It outlives the controllers that use it. */
export class SimHistory implements History {
  readonly #clock: Clock
  readonly #book: HistoryBook
  #dropped = 0

  constructor(clock: Clock, limits: HistoryLimits = LIMITS) {
    this.#clock = clock
    this.#book = new HistoryBook(memoryShelf(), limits)
  }

  append(samples: readonly HistorySample[]): void {
    this.#dropped += this.#book.append(samples, this.#clock.now())
  }

  dropped(): number {
    return this.#dropped
  }

  async read(query: Parameters<History['read']>[0]) {
    return this.#book.read(query, this.#clock.now())
  }

  async series() {
    return this.#book.series()
  }

  async import(name: Parameters<History['import']>[0], samples: readonly Sample[]) {
    return this.#book.import(name, samples, this.#clock.now())
  }
}

function memoryShelf(): Shelf {
  const levels = LEVELS.map(() => new Map<number, Float64Array>())
  const series = new Map<number, SeriesEntry>()
  let rolledAt: Millis = 0
  const idsOf = (level: number, from: number, to: number) =>
    [...levels[level]!.keys()].filter((id) => id >= from && id < to).sort((a, b) => a - b)
  return {
    rolledAt: () => rolledAt,
    setRolledAt: (at) => void (rolledAt = at),
    series: () => [...series.values()],
    setSeries: (entry) => void series.set(entry.id, entry),
    removeSeries: (id) => void series.delete(id),
    // Not copied: the book is done with one when it has set it.
    get: (level, id) => levels[level]!.get(id) ?? null,
    set: (level, id, body) => void levels[level]!.set(id, body),
    ids: idsOf,
    firstId: (level) => idsOf(level, 0, Number.MAX_SAFE_INTEGER)[0] ?? null,
    remove: (level, from, to) => {
      for (const id of idsOf(level, from, to)) levels[level]!.delete(id)
    },
    bytes: () =>
      levels.reduce((sum, level) => sum + [...level.values()].reduce((n, body) => n + body.byteLength, 0), 0),
  }
}
