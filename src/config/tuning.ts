import type * as z from 'zod'
import type { Millis } from '../core/time.ts'
import type { TuningSpec } from '../core/tuning-spec.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'
import { checkCron } from './schedules.ts'
import type { TUNING } from './tuning-schema.ts'

/** A study that could not begin at its time may begin so much later. */
const WINDOW_MS: Millis = 6 * 3_600_000

/** `tuning:` of a fleet, at that path; undefined = its settings are not tuned. */
export function readTuning(
  tuning: z.output<typeof TUNING>,
  path: Path,
  report: Report,
): TuningSpec | undefined {
  const { at, timezone, days, apply, step, bounds, probation, objective, late } = tuning
  if (at === 'never') {
    if (apply === 'allowed')
      report.warn(
        [...path, 'apply'],
        'nothing is proposed that could be applied; give tuning a time, such as at: "0 3 * * *"',
      )
    return undefined
  }
  checkCron(at, [...path, 'at'], report)
  if (bounds.least > 1 || bounds.most < 1)
    report.error([...path, 'bounds'], 'expected bounds around 100%, such as { least: 70%, most: 130% }')
  return {
    schedule: { cron: at, end: { afterMs: WINDOW_MS }, timezone },
    apply,
    probationMs: probation,
    aims: { days, step, bounds, objectiveMs: objective, late },
  }
}
