import type { Millis } from './time.ts'

/** From `startAt`, which is in it, to `endAt`, which is not. */
export interface Span {
  readonly startAt: Millis
  readonly endAt: Millis
}

/** When windows open and close. Cron expressions have five fields (minute, hour, day, month, weekday) and mean the time of `timezone`. */
export interface Schedule {
  /** A window opens each time; a further time while it is open starts it anew. */
  readonly cron: string
  /** It closes at the next time of a cron expression, or so long after it has opened. */
  readonly end: { readonly until: string } | { readonly afterMs: Millis }
  /** A name of the IANA time zone database. */
  readonly timezone: string
}

/** How many windows to come are told of each policy. */
export const COMING_WINDOWS = 3

/** Knows cron, time zones and their changes of the clock. Daylight saving time:
 *
 *  - minute and hour named (`30 2 * * *`, lists and ranges too): a time that the clock leaves out comes when it has been put
 *    forward, and one that it shows twice comes the first time only, so that each day has its window;
 *  - a `*` or a step in either (`0 * * * *`): it comes whenever the clock shows it, not at all or twice. */
export interface Calendar {
  /** The window that is open at `at`, if there is one, then the next three, which begin when the one before has ended. A schedule that
   *  never opens, or never closes, has none. Pure. */
  windows(schedule: Schedule, at: Millis): readonly Span[]
}

/** A time in which a policy of type `schedule` or `calendar` has a say. */
export interface Window extends Span {
  readonly policy: string
  /** Of a calendar; null = a schedule's window. */
  readonly event: string | null
  /** Whose clocks to show it by. */
  readonly timezone: string
  /** Bounds of the number of servers; null = none. */
  readonly min: number | null
  readonly max: number | null
  /** How many times as much load is expected; null = nothing is known. */
  readonly multiplier: number | null
}
