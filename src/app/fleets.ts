import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import { statePaths } from './paths.ts'
import { readList, writeList } from './saved-list.ts'

/** Every fleet that may have servers: those of the file, and those that it no longer has. */
export function readFleets(stateDir: string): readonly FleetSpec[] {
  return readList(statePaths(stateDir).fleets)
}

export function writeFleets(stateDir: string, fleets: readonly FleetSpec[]): void {
  writeList(statePaths(stateDir).fleets, fleets)
}

/** Those that the file no longer has but whose servers may still be there. */
export function leavingFleets({ stateDir, fleets }: Settings): readonly FleetSpec[] {
  return readFleets(stateDir).filter((spec) => !fleets.some(({ name }) => name === spec.name))
}
