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
/** Also one that has been set aside because it had grown. */
const LOG_NAME = /^(.+)\.log(?:\.\d+)?$/

export function fleetFiles(stateDir: string, fleet: string): Files {
  const folder = join(stateDir, 'logs', fleet)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const logPath = (id: string): string => join(folder, id + LOG)
  return {
    claimLog: (id) => openNew(logPath(id)),
    logPath,
    disclaimLog: (id) => rmSync(logPath(id), { force: true }),
    markStopping: (id) => writeFileSync(join(folder, id + STOPPING), ''),
    stopping: () =>
      new Set(
        readdirSync(folder)
          .filter((name) => name.endsWith(STOPPING))
          .map((name) => name.slice(0, -STOPPING.length)),
      ),
    unmark: (id) => rmSync(join(folder, id + STOPPING), { force: true }),
    prune(living, now) {
      for (const name of readdirSync(folder)) {
        const id = LOG_NAME.exec(name)?.[1]
        if (id === undefined || living.has(id)) continue
        const stat = statSync(join(folder, name), { throwIfNoEntry: false })
        if (stat && now - stat.mtimeMs > KEEP_LOGS_MS) rmSync(join(folder, name), { force: true })
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
