import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import type { WorldSpec } from '../simulator/fluid/world.ts'
import type { TellingOf } from '../simulator/telling.ts'

/** What a simulated fleet is tried with beyond its load, for people. Instants count from the end of the warm-up. */
export function trialNotes({
  zoneLoss,
  stockOut,
}: Pick<WorldSpec, 'zoneLoss' | 'stockOut'>): readonly string[] {
  return [
    ...(zoneLoss
      ? [`one of ${zoneLoss.zones} zones is lost ${formatDuration(zoneLoss.atMs)} after the warm-up`]
      : []),
    ...(stockOut
      ? [
          `no server can be had from ${formatDuration(stockOut.fromMs)} to ${formatDuration(stockOut.untilMs)} after the warm-up`,
        ]
      : []),
  ]
}

/** Where Tidegate hears so late of what is measured that it takes it for missing. */
export function stalenessNotes(tellings: readonly TellingOf[], freshMs: Millis): readonly string[] {
  const own = tellings.findLast(({ policy }) => policy === 'tidegate')
  const { delayMs } = own ?? tellings.findLast(({ policy }) => policy === null) ?? { delayMs: 0 }
  if (delayMs <= freshMs) return []
  return [
    `tidegate hears ${formatDuration(delayMs)} late of what is measured, and its guard fresh takes what is older than ${formatDuration(freshMs)} for missing: it retires nothing; such a source needs a longer one (--fleet)`,
  ]
}
