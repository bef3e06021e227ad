import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FleetSpec } from '../core/policy.ts'

/** Fleets that the file no longer has but whose servers are still there. On disk, so that a crash forgets none of them. */
export function readLeaving(stateDir: string): readonly FleetSpec[] {
  const path = pathIn(stateDir)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as FleetSpec[]) : []
}

export function writeLeaving(stateDir: string, fleets: readonly FleetSpec[]): void {
  const path = pathIn(stateDir)
  mkdirSync(stateDir, { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(fleets), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

function pathIn(stateDir: string): string {
  return join(stateDir, 'leaving.json')
}
