import { mkdirSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Millis } from '../../core/time.ts'

const KEEP_LOGS_MS = 7 * 24 * 3_600_000

/** What a fleet keeps on disk: a server's output, which is also the proof that it was launched, and a mark on those
 *  being stopped, so that a controller that comes back goes on stopping them. */
export interface Files {
  /** A new append-only log to hand to the server; null when there is one, so the server was launched before. */
  claimLog(id: string): number | null
  logPath(id: string): string
  /** The launch came to nothing: the same token may try again. */
  disclaimLog(id: string): void
  markStopping(id: string): void
  stopping(): ReadonlySet<string>
  unmark(id: string): void
  /** Removes logs of servers that nobody has written to for a week. */
  prune(living: ReadonlySet<string>, now: Millis): void
}

const STOPPING = '.stopping'
const LOG = '.log'

export function fleetFiles(stateDir: string, fleet: string): Files {
  const folder = join(stateDir, 'logs', fleet)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const names = (suffix: string): readonly string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
  const logPath = (id: string): string => join(folder, id + LOG)
  return {
    claimLog: (id) => openNew(logPath(id)),
    logPath,
    disclaimLog: (id) => rmSync(logPath(id), { force: true }),
    markStopping: (id) => writeFileSync(join(folder, id + STOPPING), ''),
    stopping: () => new Set(names(STOPPING)),
    unmark: (id) => rmSync(join(folder, id + STOPPING), { force: true }),
    prune(living, now) {
      for (const id of names(LOG)) {
        if (living.has(id)) continue
        const stat = statSync(logPath(id), { throwIfNoEntry: false })
        if (stat && now - stat.mtimeMs > KEEP_LOGS_MS) rmSync(logPath(id), { force: true })
      }
    },
  }
}

function openNew(path: string): number | null {
  try {
    return openSync(path, 'ax', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null
    throw error
  }
}
