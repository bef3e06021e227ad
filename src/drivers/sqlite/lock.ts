import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault, messageOf } from '../../core/fault.ts'

const SQLITE_BUSY = 5

/** Makes this process the only one with that lock until it disposes of it or ends, however it ends: the kernel keeps
 *  the lock, not the file. Throws Fault store.busy when another process has it. */
export function acquireLock(path: string): Disposable {
  const holderPath = `${path}.pid`
  let db: DatabaseSync | null = null
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    db = new DatabaseSync(path, { timeout: 0 })
    db.exec('BEGIN EXCLUSIVE')
    writeFileSync(holderPath, `${process.pid}\n`)
  } catch (error) {
    db?.close()
    throw toFault(error, path, holderPath)
  }
  const held = db
  return {
    [Symbol.dispose]() {
      rmSync(holderPath, { force: true })
      held.close()
    },
  }
}

function toFault(error: unknown, path: string, holderPath: string): Fault {
  const busy = (error as { errcode?: number }).errcode === SQLITE_BUSY
  if (!busy) return new Fault('store.failed', messageOf(error), { source: 'user', retry: 'no', cause: error })
  const message = `${path} is held by ${holderOf(holderPath)}`
  return new Fault('store.busy', message, { source: 'user', retry: 'yes', cause: error })
}

/** For people only: the file can be a moment late. */
function holderOf(holderPath: string): string {
  try {
    return `process ${readFileSync(holderPath, 'utf8').trim()}`
  } catch {
    return 'another process'
  }
}
