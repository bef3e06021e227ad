import type { Aggregate } from './aggregate.ts'
import { LEVELS } from './history-levels.ts'
import type { Millis } from './time.ts'

/** Points lie in blocks of 60 steps of one series. A block of seconds has a number a step, the others five; NaN = no point. */
export const SLOTS = 60
/** More series than there may be: a block's id is its time times this, plus its series. */
export const SERIES_IDS = 65_536

const WIDTH = 5
const [MIN, MEAN, MAX, P95, COUNT] = [0, 1, 2, 3, 4]

export function blockMs(level: number): Millis {
  return LEVELS[level]!.stepMs * SLOTS
}

/** Ids grow with time, so that what lies in a range of time is a range of ids. */
export function blockId(level: number, at: Millis, series = 0): number {
  return Math.floor(at / blockMs(level)) * SERIES_IDS + series
}

export function seriesOf(id: number): number {
  return id % SERIES_IDS
}

export function blockAt(level: number, id: number): Millis {
  return Math.floor(id / SERIES_IDS) * blockMs(level)
}

export function emptyBlock(level: number): Float64Array {
  return new Float64Array(level === 0 ? SLOTS : SLOTS * WIDTH).fill(Number.NaN)
}

export function readSlot(level: number, body: Float64Array, slot: number): Aggregate | null {
  if (level === 0) return single(body[slot]!)
  const at = slot * WIDTH
  if (Number.isNaN(body[at + COUNT]!)) return null
  return {
    min: body[at + MIN]!,
    mean: body[at + MEAN]!,
    max: body[at + MAX]!,
    p95: body[at + P95]!,
    count: body[at + COUNT]!,
  }
}

/** A block of seconds keeps one value a second: the mean is it. */
export function writeSlot(level: number, body: Float64Array, slot: number, part: Aggregate): void {
  if (level === 0) body[slot] = part.mean
  else body.set([part.min, part.mean, part.max, part.p95, part.count], slot * WIDTH)
}

export function single(value: number): Aggregate | null {
  return Number.isNaN(value) ? null : { min: value, mean: value, max: value, p95: value, count: 1 }
}
