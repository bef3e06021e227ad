import type { OutlierSpec } from '../core/outlier.ts'
import type { Millis } from '../core/time.ts'

/** What the traffic says of a member, apart from its probes. */
export interface Outlier {
  /** Ejections in close succession: each lasts longer. */
  readonly times: number
  /** 0 = never ejected. */
  readonly untilAt: Millis
  /** What the last ejection was for. */
  readonly cause: 'connects' | 'answers'
  /** In a row, as earlier decisions have already counted them. */
  readonly seen: Rows
}

/** What has gone wrong in a row, summed over workers; a fall means that it has gone well since. */
export interface Rows {
  readonly connectFailures: number
  readonly errors: number
}

/** Answers of one member in one interval. */
export interface Answers {
  readonly good: number
  readonly bad: number
}

/** At most so much of an ejection's time is added by chance, so that members that fell together do not come back together. */
const JITTER = 0.1
/** Envoy's numbers: fewer members or fewer answers say nothing about anybody. */
const LEAST_MEMBERS = 5
const LEAST_ANSWERS = 100
const DEVIATIONS = 1.9

export function newOutlier(seen: Rows): Outlier {
  return { times: 0, untilAt: 0, cause: 'connects', seen }
}

export function isEjected(outlier: Outlier, now: Millis): boolean {
  return now < outlier.untilAt
}

export function observe(outlier: Outlier, rows: Rows): Outlier {
  const { seen } = outlier
  if (rows.connectFailures >= seen.connectFailures && rows.errors >= seen.errors) return outlier
  return {
    ...outlier,
    seen: {
      connectFailures: Math.min(seen.connectFailures, rows.connectFailures),
      errors: Math.min(seen.errors, rows.errors),
    },
  }
}

export function isOutlier({ seen }: Outlier, rows: Rows, spec: OutlierSpec): boolean {
  if (rows.connectFailures - seen.connectFailures >= spec.connectFailures) return true
  return spec.errors !== null && rows.errors - seen.errors >= spec.errors
}

/** `healthy`: members whose probes pass, ejected ones among them. Counted after the ejection, so that the last is never ejected. */
export function mayEject(ejected: number, healthy: number, share: number): boolean {
  return ejected + 1 < healthy && ejected + 1 <= Math.max(1, Math.floor(healthy * share))
}

/** `chance` from 0 to 1. */
export function eject(
  outlier: Outlier,
  rows: Rows,
  { timeMs, mostTimeMs, connectFailures }: OutlierSpec,
  { now, chance }: { readonly now: Millis; readonly chance: number },
): Outlier {
  const again = now - outlier.untilAt < mostTimeMs
  const times = again ? outlier.times + 1 : 1
  const lasts = Math.min(timeMs * 2 ** Math.min(times - 1, 30), mostTimeMs) * (1 + JITTER * chance)
  const isConnects = rows.connectFailures - outlier.seen.connectFailures >= connectFailures
  return { times, untilAt: now + lasts, cause: isConnects ? 'connects' : 'answers', seen: rows }
}

/** A passed probe is better evidence than connects of a while ago; of what the answers were it knows nothing. */
export function pardon(outlier: Outlier, rows: Rows, now: Millis): Outlier {
  if (outlier.cause === 'answers' && isEjected(outlier, now)) return outlier
  return { ...outlier, untilAt: Math.min(outlier.untilAt, now), seen: rows }
}

/** Who answers well so much more seldom than the others (Envoy, outlier_detection, success_rate): indices into `answers`. */
export function failingMembers(answers: readonly Answers[]): readonly number[] {
  const rates = answers.flatMap(({ good, bad }, i) =>
    good + bad >= LEAST_ANSWERS ? [{ i, rate: good / (good + bad) }] : [],
  )
  if (rates.length < LEAST_MEMBERS) return []
  const mean = rates.reduce((sum, { rate }) => sum + rate, 0) / rates.length
  const variance = rates.reduce((sum, { rate }) => sum + (rate - mean) ** 2, 0) / rates.length
  const least = mean - DEVIATIONS * Math.sqrt(variance)
  return rates.filter(({ rate }) => rate < least).map(({ i }) => i)
}
