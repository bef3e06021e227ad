import { type Calendar, COMING_WINDOWS, type Window } from './calendar.ts'
import type { CalendarPolicySpec, PolicySpec, SchedulePolicySpec } from './policy.ts'
import type { Millis } from './time.ts'

/** The windows of these policies that are open at `at`, and the next three to come of each; those that begin earlier first. */
export function windowsOf(
  policies: readonly PolicySpec[],
  calendar: Calendar,
  at: Millis,
): readonly Window[] {
  const windows = policies.flatMap((policy) => {
    if (policy.type === 'schedule') return ofSchedule(policy, calendar, at)
    return policy.type === 'calendar' ? ofEvents(policy, at) : []
  })
  return windows.sort((a, b) => a.startAt - b.startAt)
}

/** Begun and not yet ended. */
export function isOpen({ startAt, endAt }: Window, at: Millis): boolean {
  return startAt <= at && at < endAt
}

/** `schedule night`, `event sale`. */
export function nameOf({ policy, event }: Window): string {
  return event === null ? `schedule ${policy}` : `event ${event}`
}

/** What it asks for, in the words of the file: `min 2, max 10, 3 times the load`. */
export function termsOf({ min, max, multiplier }: Window): string {
  const terms = [
    min === null ? '' : `min ${min}`,
    max === null ? '' : `max ${max}`,
    multiplier === null ? '' : `${multiplier} times the load`,
  ]
  return terms.filter((term) => term !== '').join(', ')
}

function ofSchedule(
  { name, schedule, min, max }: SchedulePolicySpec,
  calendar: Calendar,
  at: Millis,
): readonly Window[] {
  const { timezone } = schedule
  const spans = calendar.windows(schedule, at)
  return spans.map((span) => ({ ...span, policy: name, event: null, timezone, min, max, multiplier: null }))
}

function ofEvents(
  { name: policy, leadMs, timezone, events }: CalendarPolicySpec,
  at: Millis,
): readonly Window[] {
  const windows = events
    .map(({ name, startAt, ...event }) => ({
      ...event,
      policy,
      event: name,
      timezone,
      startAt: startAt - leadMs,
      max: null,
    }))
    .filter((window) => at < window.endAt)
    .sort((a, b) => a.startAt - b.startAt)
  const open = windows.filter((window) => window.startAt <= at)
  return [...open, ...windows.slice(open.length, open.length + COMING_WINDOWS)]
}
