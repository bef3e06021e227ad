import type { Experience, Foretold, LoadSeries } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'
import { cleaned } from './clean.ts'
import { blockOf, ensemble, factorAt } from './ensemble.ts'
import { knownOf } from './model.ts'
import { DAY } from './precedents.ts'

/** The share of what came that a bound was high enough for. */
const SHARE = 0.95

/** The highest load of the time ahead, and what it will not pass in 95 of 100 cases, from what was over at `now`: a step that goes on is not
 *  known yet. null = too little is known. */
export function forecastOf(
  load: LoadSeries,
  { now, aheadMs }: { readonly now: Millis; readonly aheadMs: Millis },
  experience: Experience | null,
): Foretold {
  const { startAt, stepMs, peaks } = load
  const over = Math.max(0, Math.floor((now - startAt) / stepMs))
  const day = Math.round(DAY / stepMs)
  const values = cleaned(peaks.subarray(0, over), day)
  if (!values) return null
  const steps = Math.ceil((now + aheadMs - startAt) / stepMs) - over
  const past = { known: knownOf(values, day), from: Math.round(startAt / stepMs) }
  const expected = ensemble(past, steps, experience)
  if (!expected) return null
  const high = expected.values.map((value, step) => value * factorAt(expected.ratios[blockOf(step)]!, SHARE))
  const { steps: period } = expected.experience.period
  const forecast = {
    expected: Math.max(...expected.values),
    high: Math.max(...high),
    ...(period !== null && { periodMs: period * stepMs }),
  }
  return { forecast, experience: expected.experience }
}
