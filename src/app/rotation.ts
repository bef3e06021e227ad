import { readdirSync, statSync } from 'node:fs'
import { copyFile, rename, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../core/fault.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock, Logger, Millis } from '../core/time.ts'
import { statePaths } from './paths.ts'
import { nap } from './supervisor.ts'

const LOOK_MS: Millis = 10_000

/** A log that grows. */
export interface Growing {
  readonly path: string
  /** False: its writer holds it open for ever, so it is copied and emptied, and what is written in between is lost. True: its
   *  writer opens it anew, so it is only given another name. */
  readonly reopened: boolean
}

/** Every log that these settings make grow. */
export function growingLogs({ stateDir, balancer }: Settings): readonly Growing[] {
  const held = logFiles(statePaths(stateDir).logs).map((path) => ({ path, reopened: false }))
  return balancer.accessLog === null ? held : [...held, { path: balancer.accessLog.path, reopened: true }]
}

/** Every log below a folder; nothing when there is no such folder. */
export function logFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.log'))
      .map((entry) => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}

/** Sets every log aside that has grown too large, until the signal aborts. A disk that fails is told and tried again. */
export async function keepRotated(
  settings: () => Settings,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await nap(clock, LOOK_MS, signal)
    for (const growing of growingLogs(settings())) {
      try {
        await rotate(growing, settings().logs)
      } catch (error) {
        log.warn(`${growing.path} cannot be rotated: ${messageOf(error)}`)
      }
    }
  }
}

/** `x` becomes `x.1`, that one `x.2`, and so on; the last goes. Nothing below `maxBytes`. */
export async function rotate(
  { path, reopened }: Growing,
  { maxBytes, keep }: Settings['logs'],
): Promise<void> {
  if (sizeOf(path) < maxBytes) return
  for (let age = keep; age > 1; age--) {
    const younger = `${path}.${age - 1}`
    if (statSync(younger, { throwIfNoEntry: false })) await rename(younger, `${path}.${age}`)
  }
  if (reopened) await (keep > 0 ? rename(path, `${path}.1`) : rm(path, { force: true }))
  else {
    if (keep > 0) await copyFile(path, `${path}.1`)
    await truncate(path)
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
