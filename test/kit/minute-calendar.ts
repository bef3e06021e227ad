import { type CronFields, parseCron } from '../../src/config/cron.ts'
import { type Calendar, COMING_WINDOWS, type Schedule, type Span } from '../../src/core/calendar.ts'
import type { Millis } from '../../src/core/time.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MINUTES_A_DAY = 1440
const DAY = MINUTES_A_DAY * MINUTE
/** Who finds nothing in so many days finds nothing. */
const MOST_DAYS = 40

type Times = (from: Millis, step: 1 | -1) => Millis | null
/** What a clock shows. */
interface Shown {
  readonly minute: number
  readonly hour: number
  readonly day: number
  readonly month: number
  /** Sunday is 0. */
  readonly weekday: number
}
/** One minute of the world, in one zone. */
interface Minute {
  readonly shown: Shown
  /** The clock showed it an hour ago already. */
  readonly again: boolean
  /** What the clock has left out just before. */
  readonly leftOut: readonly Shown[]
}

/** A calendar as its promises read, and too slow for anything but tests: it looks at the clock in every minute. */
export function minuteCalendar(): Calendar {
  const days = new Map<string, readonly Minute[]>()
  const dayOf = (timezone: string, day: number): readonly Minute[] => {
    const key = `${timezone} ${day}`
    const known = days.get(key) ?? minutesOf(timezone, day)
    days.set(key, known)
    return known
  }
  /** The nearest time at or after `from`, or at or before it. */
  const timesOf = (cron: string, timezone: string): Times => {
    const parsed = parseCron(cron)
    if (!parsed.ok) return () => null
    return (from, step) => {
      const first = step > 0 ? Math.ceil(from / MINUTE) : Math.floor(from / MINUTE)
      for (let count = 0; count < MOST_DAYS * MINUTES_A_DAY; count++) {
        const minute = first + step * count
        const day = Math.floor(minute / MINUTES_A_DAY)
        if (comes(parsed.fields, dayOf(timezone, day)[minute - day * MINUTES_A_DAY]!)) return minute * MINUTE
      }
      return null
    }
  }
  return { windows: (schedule, at) => windowsAt(schedule, timesOf, at) }
}

function windowsAt(
  { cron, end, timezone }: Schedule,
  timesOf: (cron: string, timezone: string) => Times,
  at: Millis,
): readonly Span[] {
  const starts = timesOf(cron, timezone)
  const ends = 'until' in end ? timesOf(end.until, timezone) : null
  const windowFrom = (startAt: Millis | null): Span[] => {
    if (startAt === null) return []
    const endAt = 'afterMs' in end ? startAt + end.afterMs : ends!(startAt + 1, 1)
    return endAt === null ? [] : [{ startAt, endAt }]
  }
  const windows = windowFrom(starts(at, -1)).filter(({ endAt }) => endAt > at)
  const most = windows.length + COMING_WINDOWS
  while (windows.length < most) {
    const next = windowFrom(starts(windows.at(-1)?.endAt ?? at + 1, 1))
    if (next.length === 0) break
    windows.push(...next)
  }
  return windows
}

function minutesOf(timezone: string, day: number): readonly Minute[] {
  const timeAt = (at: Millis) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
  return Array.from({ length: MINUTES_A_DAY }, (_, minute) => {
    const at = day * DAY + minute * MINUTE
    const time = timeAt(at)
    if (timeAt(at - MINUTE).offset === time.offset && timeAt(at - 3 * HOUR).offset === time.offset)
      return { shown: shownBy(time), again: false, leftOut: [] }
    const plain = time.toPlainDateTime()
    const first = plain.toZonedDateTime(timezone, { disambiguation: 'earlier' })
    const expected = timeAt(at - MINUTE)
      .toPlainDateTime()
      .add({ minutes: 1 })
    const jumped = Math.max(0, expected.until(plain).total('minutes'))
    const leftOut = Array.from({ length: jumped }, (_, minutes) => shownBy(expected.add({ minutes })))
    return { shown: shownBy(time), again: first.epochMilliseconds !== at, leftOut }
  })
}

function shownBy({
  minute,
  hour,
  day,
  month,
  dayOfWeek,
}: Temporal.ZonedDateTime | Temporal.PlainDateTime): Shown {
  return { minute, hour, day, month, weekday: dayOfWeek % 7 }
}

function comes(fields: CronFields, { shown, again, leftOut }: Minute): boolean {
  if (!fields.named) return names(fields, shown)
  return !again && (names(fields, shown) || leftOut.some((one) => names(fields, one)))
}

function names(fields: CronFields, shown: Shown): boolean {
  if (!fields.minutes.has(shown.minute) || !fields.hours.has(shown.hour)) return false
  const day = fields.days.has(shown.day)
  const weekday = fields.weekdays.has(shown.weekday)
  const either = fields.everyDay || fields.everyWeekday ? day && weekday : day || weekday
  return fields.months.has(shown.month) && either
}
