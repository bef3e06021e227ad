import { type CronFields, parseCron } from '../../src/config/cron.ts'
import { type Calendar, COMING_WINDOWS, type Schedule, type Span } from '../../src/core/calendar.ts'
import type { Millis } from '../../src/core/time.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MINUTES_A_DAY = 1440
const DAY = MINUTES_A_DAY * MINUTE
/** It knows no window that opened before the first, and none that closes after the second. */
const BACK_DAYS = 8
const AHEAD_DAYS = 40

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

/** Does it come in the minute that begins then? */
type Comes = (at: Millis) => boolean

/** A calendar as its promises read, and too slow for anything but tests: it looks at the clock in every minute, and opens and closes. */
export function minuteCalendar(): Calendar {
  const days = new Map<string, readonly Minute[]>()
  const minuteAt = (timezone: string, at: Millis): Minute => {
    const day = Math.floor(at / DAY)
    const key = `${timezone} ${day}`
    const minutes = days.get(key) ?? minutesOf(timezone, day)
    days.set(key, minutes)
    return minutes[(at - day * DAY) / MINUTE]!
  }
  const comesIn = (cron: string, timezone: string): Comes => {
    const parsed = parseCron(cron)
    return (at) => parsed.ok && comes(parsed.fields, minuteAt(timezone, at))
  }
  return { windows: (schedule, at) => walk(schedule, at, comesIn) }
}

function walk(
  { cron, end, timezone }: Schedule,
  at: Millis,
  comesIn: (cron: string, timezone: string) => Comes,
): readonly Span[] {
  const opens = comesIn(cron, timezone)
  const closes = 'until' in end ? comesIn(end.until, timezone) : null
  const windows: Span[] = []
  let startAt: Millis | null = null
  const first = Math.floor(at / MINUTE) * MINUTE - BACK_DAYS * DAY
  for (let now = first; now < first + (BACK_DAYS + AHEAD_DAYS) * DAY; now += MINUTE) {
    const isOver = startAt !== null && ('afterMs' in end ? now >= startAt + end.afterMs : closes!(now))
    if (startAt !== null && isOver) {
      if (now > at) windows.push({ startAt, endAt: now })
      startAt = null
    }
    if (windows.filter((window) => window.startAt > at).length === COMING_WINDOWS) break
    if ((startAt === null || now <= at) && opens(now)) startAt = now
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
