import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'

/** Every fleet that may have servers: those of the file, and those that it no longer has. On disk, so that neither a crash, nor a
 *  file that changed while nothing ran, nor a reload that a supervisor has not heard of makes anyone forget one of them. */
export function readFleets(stateDir: string): readonly FleetSpec[] {
  const path = pathIn(stateDir)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as FleetSpec[]) : []
}

export function writeFleets(stateDir: string, fleets: readonly FleetSpec[]): void {
  const path = pathIn(stateDir)
  mkdirSync(stateDir, { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(fleets), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** Those that the file no longer has but whose servers may still be there. */
export function leavingFleets({ stateDir, fleets }: Settings): readonly FleetSpec[] {
  return readFleets(stateDir).filter((spec) => !fleets.some(({ name }) => name === spec.name))
}

function pathIn(stateDir: string): string {
  return join(stateDir, 'fleets.json')
}
