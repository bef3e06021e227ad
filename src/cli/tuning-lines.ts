import type { FleetStatus } from '../core/admin.ts'
import { shareText } from '../core/tuning.ts'
import { whenOf } from './format.ts'

/** How far a fleet's settings are tuned, as sentences. */
export function tuningLines({ tuning, lastTickAt }: FleetStatus): readonly string[] {
  if (tuning === null) return []
  const { held, says, studied, probation } = tuning
  return [
    ...says,
    ...(probation === null
      ? []
      : [
          `the last step is on probation until ${whenOf(probation.untilAt, lastTickAt)}, ${predictionText(probation.saving)}`,
        ]),
    ...(studied === null
      ? []
      : [
          `${studied.proposal === null ? 'the last study, with nothing left to apply' : 'proposed'}: ${studied.says}`,
        ]),
    ...(held ? ['nothing is applied by itself until `resume`'] : []),
  ]
}

function predictionText(saving: number): string {
  return `${shareText(Math.abs(saving))} ${saving >= 0 ? 'fewer' : 'more'} server-hours are predicted`
}
