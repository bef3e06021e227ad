import type { Forecast, LoadSeries } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'
import { cleaned } from './clean.ts'
import { blockOf, ensemble, factorAt } from './ensemble.ts'

const DAY: Millis = 86_400_000
/** The share of what came that a bound was high enough for. */
const SHARE = 0.95

/** The highest load of the time ahead, and what it will not pass in 95 of 100 cases, from what was over at `now`: a step that goes on is not
 *  known yet. null = too little is known. */
export function forecastOf(load: LoadSeries, now: Millis, aheadMs: Millis): Forecast | null {
  const { startAt, stepMs, peaks } = load
  const over = Math.max(0, Math.floor((now - startAt) / stepMs))
  const season = Math.round(DAY / stepMs)
  const values = cleaned(peaks.subarray(0, over), season)
  const steps = Math.ceil((now + aheadMs - startAt) / stepMs) - over
  const expected = values && ensemble(values, steps, season)
  if (!expected) return null
  const high = expected.values.map(
    (value, step) => value * factorAt(expected.ratios[blockOf(step)] ?? [], SHARE),
  )
  return { expected: Math.max(...expected.values), high: Math.max(...high) }
}
