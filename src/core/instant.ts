import type { Millis } from './time.ts'
import { parseDuration } from './units.ts'

/** Below it a number is in seconds, from it on in milliseconds: as seconds it would be the year 5138. */
const FIRST_MILLIS = 1e11
/** What a date can hold. */
const LAST = 8.64e15
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/

/** What an instant may look like, for messages. */
export const INSTANT = 'an instant such as 1767225600, 2026-01-01T00:00:00Z, or relative to now: -1h, 1h, now'

/** Seconds or milliseconds since the epoch, ISO 8601 with a zone or a day alone (UTC), `now`, or `-1h30m` or `1h30m` before it; null when it
 *  is none of them. */
export function parseInstant(text: string, now: Millis): Millis | null {
  const trimmed = text.trim()
  if (trimmed === 'now') return now
  // A number alone is an instant, so that a time back in seconds needs its unit.
  const fixed = parseFixedInstant(trimmed)
  if (fixed !== null) return fixed
  const backMs = parseDuration(trimmed.replace(/^-/, ''))
  return backMs === null || now - backMs < -LAST ? null : now - backMs
}

/** The same without the relative ones. */
export function parseFixedInstant(text: string): Millis | null {
  if (/^\d{1,16}(\.\d+)?$/.test(text)) {
    const number = Number(text)
    if (number > LAST) return null
    return number < FIRST_MILLIS ? number * 1000 : number
  }
  const iso = ISO.exec(text)
  if (!iso) return null
  const [, year, month, day] = iso.map(Number)
  // The 30th of February would be taken for a day in March.
  if (new Date(Date.UTC(year!, month! - 1, day)).getUTCDate() !== day) return null
  const at = Date.parse(text.replace(' ', 'T'))
  return Number.isNaN(at) ? null : at
}
