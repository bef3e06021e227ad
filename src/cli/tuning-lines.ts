import type { FleetStatus } from '../core/admin.ts'
import { shareText, type TuningStatus } from '../core/tuning.ts'
import { whenOf } from './format.ts'

type Studied = NonNullable<TuningStatus['studied']>

/** How far a fleet's settings are tuned, as sentences. */
export function tuningLines({ tuning, lastTickAt }: FleetStatus): readonly string[] {
  if (tuning === null) return []
  const { held, says, studied, probation, trouble } = tuning
  return [
    ...says,
    ...(probation === null
      ? []
      : [
          `the last step is on probation until ${whenOf(probation.untilAt, lastTickAt)}, ${predictionText(probation.saving)}`,
        ]),
    ...(studied === null ? [] : [`${outcomeOf(studied)}: ${studied.says}`]),
    ...(trouble === null ? [] : [trouble]),
    ...(held ? ['nothing is applied by itself until `resume`'] : []),
  ]
}

/** What is left of the last study. */
function outcomeOf({ proposal, isApplied }: Studied): string {
  if (proposal !== null) return 'proposed'
  return isApplied ? 'the first step of the last study was applied' : 'the last study, with nothing to apply'
}

function predictionText(saving: number): string {
  return `${shareText(Math.abs(saving))} ${saving >= 0 ? 'fewer' : 'more'} server-hours are predicted`
}
