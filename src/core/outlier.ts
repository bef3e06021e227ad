import type { Millis } from './time.ts'

/** When a member that its checks call healthy gets no traffic for a while, because of how its traffic fares. */
export interface OutlierSpec {
  /** So many failed connects in a row. */
  readonly connectFailures: number
  /** So many answers of 5xx or broken ones in a row; null = they do not count. */
  readonly errors: number | null
  /** Its share of good answers in 10 s is far below the others' (mean - 1.9 standard deviations, as Envoy has it). */
  readonly successRate: boolean
  /** How long the first ejection lasts; each of a close succession lasts twice as long as the one before. */
  readonly timeMs: Millis
  readonly mostTimeMs: Millis
  /** At most this share of the healthy members is ejected, the new one counted. */
  readonly share: number
}

export const OUTLIER: OutlierSpec = {
  connectFailures: 3,
  errors: null,
  successRate: false,
  timeMs: 10_000,
  mostTimeMs: 300_000,
  share: 0.5,
}
