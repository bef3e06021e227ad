import type * as z from 'zod'
import type { Schedule } from '../core/calendar.ts'
import type { CalendarEvent, CalendarPolicySpec, SchedulePolicySpec } from '../core/policy.ts'
import type { Millis } from '../core/time.ts'
import { CALENDAR_EVENT, CALENDAR_POLICY, SCHEDULE_POLICY } from './calendar-schema.ts'
import { parseCron } from './cron.ts'
import type { Path } from './document.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'
import { readTime } from './zones.ts'

/** What of its fleet a policy that goes by the calendar must fit. */
export interface Frame {
  readonly min: number
  readonly max: number
  readonly startupMs: Millis
  readonly now: Millis
}

interface Place {
  readonly path: Path
  readonly index: number
  readonly frame: Frame
}

const MAX_EVENTS = 1000

export function readSchedule(
  raw: unknown,
  { path, index, frame }: Place,
  report: Report,
): SchedulePolicySpec | null {
  const parsed = parsePart(SCHEDULE_POLICY, raw, path, report)
  if (!parsed) return null
  const end = readEnd(parsed, path, report)
  checkCron(parsed.cron, [...path, 'cron'], report)
  const { min = null, max = null, cron, timezone } = parsed
  checkBounds({ min, max }, path, frame, report)
  if (end === null) return null
  const schedule: Schedule = { cron, end, timezone }
  return { type: 'schedule', name: parsed.name ?? `schedule-${index + 1}`, schedule, min, max }
}

/** null when the problem has been reported. */
function readEnd(
  { cron, until, duration }: z.output<typeof SCHEDULE_POLICY>,
  path: Path,
  report: Report,
): Schedule['end'] | null {
  // As written: a wrong one is not in `parsed`, but it was given.
  const [first, second] = ['until', 'duration'].filter((key) => report.has([...path, key]))
  if (first === undefined || second !== undefined) {
    const got = first === undefined ? 'neither: nothing says when the window closes' : 'both'
    report.error(
      second === undefined ? path : [...path, second],
      `expected one of until and duration, got ${got}`,
    )
  }
  if (until === undefined) return duration === undefined ? null : { afterMs: duration }
  checkCron(until, [...path, 'until'], report)
  if (until.trim() === cron.trim())
    report.warn([...path, 'until'], 'the window opens in the minute in which it closes, so it is always open')
  return { until }
}

export function checkCron(text: string, path: Path, report: Report): void {
  const cron = parseCron(text)
  if (!cron.ok) report.inside(path, { text, column: cron.column }, cron.message)
}

function checkBounds(
  { min, max }: Pick<SchedulePolicySpec, 'min' | 'max'>,
  path: Path,
  frame: Frame,
  report: Report,
): void {
  const given = report.has([...path, 'min']) || report.has([...path, 'max'])
  if (!given) report.error(path, 'expected min, max or both: this schedule changes nothing')
  if (min !== null && max !== null && min > max)
    report.error([...path, 'min'], `min ${min} is more than max ${max}`)
  if (min !== null) checkMin(min, path, frame, report)
  if (max !== null && max < frame.min)
    report.error(
      [...path, 'max'],
      `max ${max} is less than min ${frame.min} of the fleet, which is never left`,
    )
  if (max !== null && max >= frame.max)
    report.warn([...path, 'max'], `max ${max} changes nothing: max of the fleet is ${frame.max}`)
}

function checkMin(min: number, path: Path, frame: Frame, report: Report): void {
  if (min > frame.max)
    report.error(
      [...path, 'min'],
      `min ${min} is more than max ${frame.max} of the fleet, which is never left`,
    )
  if (min <= frame.min)
    report.warn([...path, 'min'], `min ${min} changes nothing: min of the fleet is ${frame.min}`)
}

export function readCalendar(
  raw: unknown,
  { path, index, frame }: Place,
  report: Report,
): CalendarPolicySpec | null {
  const parsed = parsePart(CALENDAR_POLICY, raw, path, report)
  if (!parsed) return null
  const { timezone = null, lead = frame.startupMs } = parsed
  const at = [...path, 'events']
  if (parsed.events.length > MAX_EVENTS)
    report.error(at, `expected at most ${MAX_EVENTS} events, got ${parsed.events.length}`)
  const events = parsed.events
    .slice(0, MAX_EVENTS)
    .map((event, position) => readEvent(event, { path: [...at, position], timezone, frame }, report))
    .filter((event) => event !== null)
  const name = parsed.name ?? `calendar-${index + 1}`
  return { type: 'calendar', name, leadMs: lead, timezone: timezone ?? 'UTC', events }
}

function readEvent(
  raw: unknown,
  { path, timezone, frame }: { readonly path: Path; readonly timezone: string | null; readonly frame: Frame },
  report: Report,
): CalendarEvent | null {
  const parsed = parsePart(CALENDAR_EVENT, raw, path, report)
  if (!parsed) return null
  const { name, multiplier = null, min = null } = parsed
  if (!report.has([...path, 'multiplier']) && !report.has([...path, 'min']))
    report.error(path, 'expected multiplier, min or both: this event changes nothing')
  if (min !== null) checkMin(min, path, frame, report)
  const startAt = timeAt(parsed.start, timezone, [...path, 'start'], report)
  const endAt = timeAt(parsed.end, timezone, [...path, 'end'], report)
  if (startAt === null || endAt === null) return null
  if (endAt <= startAt) report.error([...path, 'end'], `${parsed.end} is not after start ${parsed.start}`)
  else if (endAt <= frame.now) report.warn(path, `${name} is over: it ended at ${parsed.end}`)
  return { name, startAt, endAt, multiplier, min }
}

function timeAt(text: string, timezone: string | null, path: Path, report: Report): Millis | null {
  const read = readTime(text, timezone)
  if (!read.ok) report.error(path, `${read.message}, got ${text}`)
  else if (read.remark !== null) report.warn(path, read.remark)
  return read.ok ? read.at : null
}
