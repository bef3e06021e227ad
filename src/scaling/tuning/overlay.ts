import type { FleetSpec } from '../../core/policy.ts'
import type { Tuned, TuningAims } from '../../core/tuning-spec.ts'
import { isAllowed, valueIn, withValues } from './neighbours.ts'

/** The fleet with what is tuned of its settings in place. What was tuned of another value than the file has now holds no more, nor what its
 *  bounds leave out; and nothing does of a fleet that is not to be tuned. Pure. */
export function withTuned(fleet: FleetSpec, tuned: readonly Tuned[]): FleetSpec {
  const { tuning } = fleet
  const held = tuning === undefined ? [] : tuned.filter((one) => holds(fleet, one, tuning.aims))
  return held.length === 0 ? fleet : { ...withValues(fleet, held), tuned: held }
}

/** The fleet as the file has it. */
export function fileOf(fleet: FleetSpec): FleetSpec {
  const { tuned = [], ...rest } = fleet
  return withValues(
    rest,
    tuned.map(({ key, file }) => ({ key, value: file })),
  )
}

function holds(fleet: FleetSpec, one: Tuned, { bounds }: TuningAims): boolean {
  return valueIn(fleet, one.key) === one.file && isAllowed(fleet, one, bounds)
}
