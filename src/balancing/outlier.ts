import type { Millis } from '../core/time.ts'

/** What the traffic says of a member, apart from its probes. */
export interface Outlier {
  /** Ejections in close succession: each lasts longer. */
  readonly times: number
  /** 0 = never ejected. */
  readonly untilAt: Millis
  /** Connect failures in a row that earlier decisions have already counted. */
  readonly seen: number
}

const FAILURES = 3
const BASE_MS = 10_000
const MAX_MS = 300_000
/** At most this share of the healthy members is ejected, the new one counted. With one member that is none. */
const MAX_SHARE = 0.5

export function newOutlier(seen: number): Outlier {
  return { times: 0, untilAt: 0, seen }
}

export function isEjected(outlier: Outlier, now: Millis): boolean {
  return now < outlier.untilAt
}

/** `failures`: connect failures in a row, summed over workers; a fall means that connects succeed again. */
export function observeFailures(outlier: Outlier, failures: number): Outlier {
  return failures < outlier.seen ? { ...outlier, seen: failures } : outlier
}

export function isOutlier(outlier: Outlier, failures: number): boolean {
  return failures - outlier.seen >= FAILURES
}

/** `healthy`: members whose probes pass, ejected ones among them. Counted after the ejection, so that the last is never ejected. */
export function mayEject(ejected: number, healthy: number): boolean {
  return ejected + 1 <= Math.floor(healthy * MAX_SHARE)
}

export function eject(outlier: Outlier, failures: number, now: Millis): Outlier {
  const again = now - outlier.untilAt < MAX_MS
  const times = again ? outlier.times + 1 : 1
  return { times, untilAt: now + Math.min(BASE_MS * times, MAX_MS), seen: failures }
}

/** A passed probe is better evidence than connects of a while ago. */
export function pardon(outlier: Outlier, failures: number, now: Millis): Outlier {
  return { ...outlier, untilAt: Math.min(outlier.untilAt, now), seen: failures }
}
