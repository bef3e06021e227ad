import type { LoadSeries, Outlook, Precedent } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'

const MINUTE: Millis = 60_000
const DAY: Millis = 24 * 60 * MINUTE
/** Steps of what an outlook is made of: the finest that the history keeps for weeks. */
export const LOAD_STEP_MS: Millis = 5 * MINUTE
/** How far back an outlook looks. */
export const LOAD_BACK_MS: Millis = 15 * DAY
/** Yesterday; the day before, in case yesterday was not as usual; and the same day of the week. */
const AGO_MS: readonly Millis[] = [DAY, 2 * DAY, 7 * DAY]
/** What comes a little earlier or later than it did counts as well. */
const EARLY_MS: Millis = MINUTE
const LATE_MS: Millis = 2 * MINUTE
/** How the load is compared with that of then. */
const RECENT_MS: Millis = 30 * MINUTE

/** What the past says of the time ahead: the highest of the same time on days before. Looks at nothing that begins at or after `now`. */
export function outlookOf(load: LoadSeries, now: Millis, aheadMs: Millis): Omit<Outlook, 'forecast'> {
  const mean = (fromAt: Millis, toAt: Millis) => meanOf(within(load.means, load, fromAt, Math.min(toAt, now)))
  const precedents = AGO_MS.flatMap((agoMs): Precedent[] => {
    const then = now - agoMs
    const peaks = within(load.peaks, load, then - EARLY_MS, Math.min(then + aheadMs + LATE_MS, now))
    if (peaks.length === 0) return []
    return [{ agoMs, before: mean(then - RECENT_MS, then), peak: peaks.reduce((a, b) => Math.max(a, b)) }]
  })
  return { madeAt: now, aheadMs, recent: mean(now - RECENT_MS, now), precedents }
}

/** Those of the steps that are not wholly outside, without gaps. */
function within(
  values: Float64Array,
  { startAt, stepMs }: LoadSeries,
  fromAt: Millis,
  toAt: Millis,
): Float64Array {
  const from = Math.max(0, Math.floor((fromAt - startAt) / stepMs))
  const to = Math.max(from, Math.ceil((toAt - startAt) / stepMs))
  return values.subarray(from, to).filter((value) => !Number.isNaN(value))
}

function meanOf(values: Float64Array): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
