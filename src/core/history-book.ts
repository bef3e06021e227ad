import { type Aggregate, aggregate, merge } from './aggregate.ts'
import { type Fault, userFault } from './fault.ts'
import type {
  HistoryAnswer,
  HistoryPoint,
  HistoryQuery,
  HistorySample,
  Imported,
  SeriesName,
} from './history.ts'
import {
  blockAt,
  blockId,
  blockMs,
  emptyBlock,
  readSlot,
  SERIES_IDS,
  seriesOf,
  single,
  writeSlot,
} from './history-block.ts'
import { COARSEST, floorTo, LEVELS, resolveQuery, SECONDS, SLACK_MS } from './history-levels.ts'
import type { SeriesEntry, Shelf } from './history-shelf.ts'
import type { Sample } from './metrics.ts'
import type { Millis } from './time.ts'

export interface HistoryLimits {
  readonly maxBytes: number
  readonly maxSeries: number
}

/** Samples may come this much late; what comes later is too late to be summed up. */
const LATE_MS = 30_000
/** A source's clock may be this much ahead of ours. */
const AHEAD_MS = 10_000
/** Seconds are summed up into both coarser levels at once, a step of the coarsest at a time. */
const ROLL_MS = COARSEST.stepMs
const FOREVER = Number.MAX_SAFE_INTEGER

type At = readonly [at: Millis, part: Aggregate]

/** The past of every series in three resolutions: samples come in as seconds, and are summed up every five minutes. What a shelf is
 *  left with after any call is whole; several calls belong into one transaction where a shelf has them. */
export class HistoryBook {
  readonly #shelf: Shelf
  readonly #limits: HistoryLimits
  readonly #series: Map<string, SeriesEntry>
  readonly #usedIds: Set<number>
  #lastId = 0

  constructor(shelf: Shelf, limits: HistoryLimits) {
    this.#shelf = shelf
    this.#limits = limits
    this.#series = new Map(shelf.series().map((entry) => [keyOf(entry), entry]))
    this.#usedIds = new Set([...this.#series.values()].map(({ id }) => id))
  }

  /** Keeps samples of now, then sums up and forgets what is due. Gives the number of those that it could not keep. */
  append(samples: readonly HistorySample[], now: Millis): number {
    if (now < this.#shelf.rolledAt()) this.#advance(now) // the clock was set back
    const kept = samples.filter(
      ({ at, value }) => at >= this.#shelf.rolledAt() && at <= now + AHEAD_MS && Number.isFinite(value),
    )
    let dropped = samples.length - kept.length
    for (const group of Map.groupBy(kept, keyOf).values()) {
      const entry = this.#entry(group[0]!, group.at(-1)!.at)
      if (entry === null) dropped += group.length
      else this.#write(0, entry.id, group.map(toSecond))
    }
    // After the samples, so that those of a batch that a slow disk held up are not too late.
    this.#advance(now)
    return dropped
  }

  read(query: HistoryQuery, now: Millis): HistoryAnswer {
    const { fleet, metric } = query
    const { level, stepMs, fromAt, toAt } = resolveQuery(query, now)
    const entry = this.#series.get(keyOf(query))
    if (!entry) return { fleet, metric, stepMs, points: [] }
    const rolledAt = level === 0 ? fromAt : Math.max(fromAt, this.#shelf.rolledAt())
    const parts = [
      ...(level === 0 ? [] : this.#slots(level, entry.id, fromAt, Math.min(toAt, rolledAt))),
      ...this.#slots(0, entry.id, rolledAt, toAt),
    ]
    const steps = Map.groupBy(parts, ([at]) => floorTo(at, stepMs))
    const points = [...steps].map(
      ([at, group]): HistoryPoint => ({ at, ...merge(group.map(([, part]) => part)) }),
    )
    return { fleet, metric, stepMs, points }
  }

  series(): readonly SeriesName[] {
    return [...this.#series.values()]
      .map(({ fleet, metric }) => ({ fleet, metric }))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  }

  /** Those of the last hour become seconds, as if they had just been measured; older ones go straight into the coarser levels. */
  import(name: SeriesName, samples: readonly Sample[], now: Millis): Imported {
    const oldest = now - COARSEST.keepMs
    for (const { at, value } of samples) {
      if (!Number.isFinite(value)) throw invalid(`${value} at ${textOf(at)} is no number`)
      if (!(at <= now)) throw invalid(`${textOf(at)} is not of the past`)
    }
    const seconds = bySecond(samples.filter(({ at }) => at >= oldest))
    const tooOld = samples.filter(({ at }) => at < oldest).length
    if (seconds.length === 0) return { samples: 0, tooOld }
    const entry = this.#entry(name, seconds.at(-1)![0])
    if (entry === null)
      throw invalid(`there are ${this.#limits.maxSeries} series already, and no room for another`)
    this.#advance(now)
    const recentAt = floorTo(now - SECONDS.keepMs, ROLL_MS) + ROLL_MS
    const recent = seconds.filter(([at]) => at >= recentAt)
    const older = seconds.filter(([at]) => at < recentAt)
    this.#write(0, entry.id, recent)
    for (const at of new Set(recent.map(([second]) => floorTo(second, ROLL_MS))))
      if (at < this.#shelf.rolledAt()) this.#rollSeries(entry.id, at, now)
    this.#sumUp(entry.id, older, now)
    this.#forget(now)
    return { samples: seconds.length, tooOld }
  }

  /** Sums up every step of the coarsest level that is over, and forgets what is too old or too much. */
  #advance(now: Millis): void {
    const shelf = this.#shelf
    const dueAt = floorTo(now - LATE_MS, ROLL_MS)
    if (dueAt === shelf.rolledAt()) return
    const waiting = shelf.ids(0, blockId(0, shelf.rolledAt()), blockId(0, dueAt))
    const due = Map.groupBy(waiting, (id) => floorTo(blockAt(0, id), ROLL_MS))
    for (const [at, ids] of due) this.#roll(at, new Set(ids.map(seriesOf)), now)
    // Left over from before the clock was set back.
    LEVELS.forEach((_level, index) => void shelf.remove(index, blockId(index, now + blockMs(index)), FOREVER))
    shelf.setRolledAt(dueAt)
    this.#forget(now)
  }

  #roll(at: Millis, series: ReadonlySet<number>, now: Millis): void {
    for (const entry of this.#series.values()) {
      if (!series.has(entry.id)) continue
      this.#rollSeries(entry.id, at, now)
      this.#keep({ ...entry, lastAt: Math.max(entry.lastAt, at + ROLL_MS) })
    }
  }

  #rollSeries(series: number, at: Millis, now: Millis): void {
    this.#sumUp(series, this.#slots(0, series, at, at + ROLL_MS), now)
  }

  /** Into each coarser level that still keeps them. */
  #sumUp(series: number, seconds: readonly At[], now: Millis): void {
    LEVELS.forEach(({ stepMs, keepMs }, level) => {
      if (level === 0) return
      const young = seconds.filter(([at]) => at >= now - keepMs)
      this.#write(level, series, summedUp(young, stepMs))
    })
  }

  #forget(now: Millis): void {
    const shelf = this.#shelf
    LEVELS.forEach(({ keepMs }, level) => {
      shelf.remove(level, 0, blockId(level, now - keepMs - SLACK_MS))
    })
    while (shelf.bytes() > this.#limits.maxBytes && this.#forgetOldest()) {}
    for (const entry of this.#series.values()) {
      if (entry.lastAt >= now - COARSEST.keepMs - SLACK_MS - blockMs(LEVELS.length - 1)) continue
      this.#series.delete(keyOf(entry))
      this.#usedIds.delete(entry.id)
      shelf.removeSeries(entry.id)
    }
  }

  /** A tenth of the time that there is; false when nothing is left. */
  #forgetOldest(): boolean {
    const firsts = LEVELS.flatMap((_level, level) => {
      const id = this.#shelf.firstId(level)
      return id === null ? [] : [blockAt(level, id)]
    })
    if (firsts.length === 0) return false
    const first = Math.min(...firsts)
    const cutAt = first + Math.max(blockMs(LEVELS.length - 1), (this.#shelf.rolledAt() - first) / 10)
    LEVELS.forEach((_level, level) => void this.#shelf.remove(level, 0, blockId(level, cutAt)))
    return true
  }

  /** The series of that name, made when it is new; null when there are too many. */
  #entry(name: SeriesName, lastAt: Millis): SeriesEntry | null {
    const known = this.#series.get(keyOf(name))
    if (known && known.lastAt >= lastAt - ROLL_MS) return known
    if (!known && this.#series.size >= this.#limits.maxSeries) return null
    const { fleet, metric } = name
    return this.#keep({ fleet, metric, id: known?.id ?? this.#freeId(), lastAt })
  }

  /** From the last one on: the series of a thousand fleets come in one batch. */
  #freeId(): number {
    do this.#lastId = (this.#lastId + 1) % SERIES_IDS
    while (this.#usedIds.has(this.#lastId))
    this.#usedIds.add(this.#lastId)
    return this.#lastId
  }

  #keep(entry: SeriesEntry): SeriesEntry {
    this.#series.set(keyOf(entry), entry)
    this.#shelf.setSeries(entry)
    return entry
  }

  #write(level: number, series: number, parts: readonly At[]): void {
    const { stepMs } = LEVELS[level]!
    for (const [id, group] of Map.groupBy(parts, ([at]) => blockId(level, at, series))) {
      const body = this.#shelf.get(level, id) ?? emptyBlock(level)
      const startAt = blockAt(level, id)
      for (const [at, part] of group) writeSlot(level, body, Math.floor((at - startAt) / stepMs), part)
      this.#shelf.set(level, id, body)
    }
  }

  /** Oldest first. */
  #slots(level: number, series: number, fromAt: Millis, toAt: Millis): At[] {
    const { stepMs } = LEVELS[level]!
    const slots: At[] = []
    for (let startAt = floorTo(fromAt, blockMs(level)); startAt < toAt; startAt += blockMs(level)) {
      const body = this.#shelf.get(level, blockId(level, startAt, series))
      if (body === null) continue
      const endAt = Math.min(toAt, startAt + blockMs(level))
      for (let at = Math.max(startAt, floorTo(fromAt, stepMs)); at < endAt; at += stepMs) {
        const part = readSlot(level, body, (at - startAt) / stepMs)
        if (part !== null) slots.push([at, part])
      }
    }
    return slots
  }
}

function keyOf({ fleet, metric }: SeriesName): string {
  return `${fleet}\n${metric}`
}

function toSecond({ at, value }: Sample): At {
  return [floorTo(at, SECONDS.stepMs), single(value)!]
}

/** In order; of several in one second the last one in the list stands. */
function bySecond(samples: readonly Sample[]): At[] {
  const seconds = new Map(samples.map(toSecond))
  return [...seconds].sort(([a], [b]) => a - b)
}

function summedUp(seconds: readonly At[], stepMs: Millis): At[] {
  const steps = Map.groupBy(seconds, ([at]) => floorTo(at, stepMs))
  return [...steps].map(([at, group]): At => [at, aggregate(group.map(([, part]) => part.mean))])
}

function textOf(at: Millis): string {
  return Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : String(at)
}

function invalid(message: string): Fault {
  return userFault('request.invalid', message)
}
