import type { LoadSeries, Precedent } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'

const MINUTE: Millis = 60_000
export const DAY: Millis = 24 * 60 * MINUTE
/** Yesterday; the day before, in case yesterday was not as usual; and the same day of the week. */
const AGO_MS: readonly Millis[] = [DAY, 2 * DAY, 7 * DAY]
/** What comes a little earlier or later than it did counts as well. */
export const EARLY_MS: Millis = MINUTE
export const LATE_MS: Millis = 2 * MINUTE
/** How the load is compared with that of then. */
export const RECENT_MS: Millis = 30 * MINUTE
/** The load of now counts half as much as that of then: what makes it differ for half an hour may pass as quickly. */
const SHRINK = 0.5
/** An outage then, or a rush now, says little of what comes. */
const [LEAST, MOST] = [0.5, 1.5]

/** What followed at the same time of days before, also a little (`moreMs`) earlier and later. Looks at nothing that begins at or after `now`. */
export function precedentsOf(
  load: LoadSeries,
  now: Millis,
  aheadMs: Millis,
  moreMs: Millis = 0,
): Precedent[] {
  return AGO_MS.flatMap((agoMs): Precedent[] => {
    const then = now - agoMs
    const toAt = Math.min(then + aheadMs + LATE_MS + 2 * moreMs, now)
    const peak = highestOf(load, then - EARLY_MS - moreMs, toAt)
    if (peak === null) return []
    return [{ agoMs, before: meanOf(load, then - RECENT_MS, Math.min(then, now)), peak }]
  })
}

/** How many times the load of then is expected now. */
export function timesOf({ before }: Precedent, recent: number | null): number {
  if (before === null || recent === null || before <= 0) return 1
  return Math.min(MOST, Math.max(LEAST, (recent / before) ** SHRINK))
}

/** The highest peak of the steps that are not wholly outside; null = there is none. */
export function highestOf(load: LoadSeries, fromAt: Millis, toAt: Millis): number | null {
  const [from, to] = stepsOf(load, fromAt, toAt)
  let highest = Number.NEGATIVE_INFINITY
  for (let step = from; step < to; step++) {
    const peak = load.peaks[step]!
    if (peak > highest) highest = peak
  }
  return highest === Number.NEGATIVE_INFINITY ? null : highest
}

/** Of the same steps; null = there is none. */
export function meanOf(load: LoadSeries, fromAt: Millis, toAt: Millis): number | null {
  const [from, to] = stepsOf(load, fromAt, toAt)
  let [sum, count] = [0, 0]
  for (let step = from; step < to; step++) {
    const mean = load.means[step]!
    if (Number.isNaN(mean)) continue
    sum += mean
    count++
  }
  return count === 0 ? null : sum / count
}

export function stepsOf(
  { startAt, stepMs, means }: LoadSeries,
  fromAt: Millis,
  toAt: Millis,
): [number, number] {
  const from = Math.max(0, Math.floor((fromAt - startAt) / stepMs))
  return [from, Math.min(means.length, Math.max(from, Math.ceil((toAt - startAt) / stepMs)))]
}
