import type { LoadSeries, Outlook } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'
import { DAY, meanOf, precedentsOf, RECENT_MS } from './precedents.ts'
import { type Lesson, worthOf } from './worth.ts'

/** Steps of what an outlook is made of: the finest that the history keeps for weeks. */
export const LOAD_STEP_MS: Millis = 300_000
/** How far back an outlook looks. */
export const LOAD_BACK_MS: Millis = 15 * DAY

/** What the past says of the time ahead: the highest of the same time on days before, and by a lesson of what followed then what it pays to be
 *  ready for. Looks at nothing that begins at or after `now`. */
export function outlookOf(
  load: LoadSeries,
  now: Millis,
  aheadMs: Millis,
  lesson: Lesson | null = null,
): Omit<Outlook, 'forecast'> {
  const worth = lesson && worthOf(load, { now, aheadMs }, lesson)
  return {
    madeAt: now,
    aheadMs,
    recent: meanOf(load, now - RECENT_MS, now),
    precedents: precedentsOf(load, now, aheadMs),
    ...(worth !== null && { worth: { load: worth, days: lesson!.days } }),
  }
}
