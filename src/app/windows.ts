import type { Window } from '../core/calendar.ts'
import type { Settings } from '../core/settings.ts'
import type { Millis } from '../core/time.ts'
import { windowsOf } from '../core/windows.ts'
import { cronCalendar } from '../drivers/cron/calendar.ts'

/** What the schedules and events of each fleet come to at `now`. */
export function windowsOfFleets(
  { fleets }: Settings,
  now: Millis,
): readonly (Window & { readonly fleet: string })[] {
  const calendar = cronCalendar()
  return fleets.flatMap(({ name, policies }) =>
    windowsOf(policies, calendar, now).map((window) => ({ fleet: name, ...window })),
  )
}
