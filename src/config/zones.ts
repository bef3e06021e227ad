import { nearest } from '../scaling/rules/suggest.ts'

/** Does this Node know a time zone of that name? */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** The end of a sentence about a name that is no time zone: which was probably meant, by its spelling or by its city alone. */
export function timezoneHint(name: string): string {
  const zones = Intl.supportedValuesOf('timeZone')
  const lower = name.toLowerCase().replaceAll(' ', '_')
  const city = zones.find((zone) => zone.toLowerCase().endsWith(`/${lower}`))
  const near = nearest(
    lower,
    zones.map((zone) => zone.toLowerCase()),
  )
  const meant = city ?? zones.find((zone) => zone.toLowerCase() === near)
  return meant === undefined ? '' : `; did you mean ${meant}?`
}

/** What a date and time of the file comes to. */
export type ReadTime =
  | {
      readonly ok: true
      readonly at: number /** What the reader should know; null = nothing. */
      readonly remark: string | null
    }
  | { readonly ok: false; readonly message: string }

const FORM = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(Z|[+-]\d\d:\d\d)?)?$/

/** `2026-11-11T00:00` as the clocks of the zone show it, or with an offset of its own, `2026-11-11T00:00+08:00`. A date alone is its
 *  midnight. A time that the clocks leave out is taken as much later, one that they show twice the first time (RFC 5545, 3.3.5). */
export function readTime(text: string, timezone: string | null): ReadTime {
  const match = FORM.exec(text)
  if (!match)
    return { ok: false, message: 'expected a time such as 2026-11-11T00:00 or 2026-11-11T00:00+08:00' }
  try {
    if (match[1] !== undefined)
      return { ok: true, at: Temporal.Instant.from(text).epochMilliseconds, remark: null }
    if (timezone === null)
      return {
        ok: false,
        message: 'this time has no offset and the policy no timezone; expected one of them',
      }
    return inZone(Temporal.PlainDateTime.from(text, { overflow: 'reject' }), timezone)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { ok: false, message: 'there is no such time' }
  }
}

function inZone(time: Temporal.PlainDateTime, timezone: string): ReadTime {
  const earlier = time.toZonedDateTime(timezone, { disambiguation: 'earlier' })
  const later = time.toZonedDateTime(timezone, { disambiguation: 'later' })
  if (earlier.equals(later)) return { ok: true, at: earlier.epochMilliseconds, remark: null }
  if (earlier.toPlainDateTime().equals(time)) {
    const remark = `the clocks of ${timezone} show this time twice; the first is taken, write ${later.offset} behind it for the second`
    return { ok: true, at: earlier.epochMilliseconds, remark }
  }
  const taken = later.toPlainTime().toString({ smallestUnit: 'minute' })
  return {
    ok: true,
    at: later.epochMilliseconds,
    remark: `the clocks of ${timezone} leave this time out; ${taken} is taken`,
  }
}
