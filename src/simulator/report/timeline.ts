import type { Millis } from '../../core/time.ts'
import type { Moment } from '../run.ts'

/** A picture is not wider. */
const MOST_BUCKETS = 1_000
/** Decisions that are kept: the newest. */
const MOST_CHANGES = 300

/** Part of the time: the most that was asked for, and how few and how many servers there were to carry it. */
export interface Bucket {
  readonly at: Millis
  rps: number
  least: number
  most: number
}

export interface Change {
  readonly at: Millis
  readonly from: number
  readonly to: number
  readonly why: string
}

/** A run, small enough to draw. */
export class Timeline {
  readonly #bucketMs: Millis
  readonly buckets: Bucket[] = []
  readonly changes: Change[] = []
  /** Those too that are no longer kept. */
  changed = 0

  constructor(lastsMs: Millis, stepMs: Millis) {
    this.#bucketMs = Math.max(stepMs, lastsMs / MOST_BUCKETS)
  }

  add({ now, rps, serving, had, want, why }: Moment): void {
    const index = Math.floor(now / this.#bucketMs)
    const last = this.buckets.at(-1)
    if (last && Math.floor(last.at / this.#bucketMs) === index) {
      last.rps = Math.max(last.rps, rps)
      last.least = Math.min(last.least, serving)
      last.most = Math.max(last.most, serving)
    } else this.buckets.push({ at: now, rps, least: serving, most: serving })
    if (want === had) return
    this.changed++
    this.changes.push({ at: now, from: had, to: want, why })
    if (this.changes.length > MOST_CHANGES) this.changes.shift()
  }
}
