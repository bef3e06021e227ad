import type { Millis } from '../../core/time.ts'
import type { Database } from './database.ts'

/** What the journal may hold. What must not be lost (open intents, orders in force, memory) is never pruned. */
export interface Limits {
  readonly ageMs: Millis
  /** Pages in use; the file keeps freed ones and uses them again. */
  readonly bytes: number
  /** Commits between two prunings: a minute's worth for one fleet. */
  readonly everyCommits: number
}

export const LIMITS: Limits = { ageMs: 7 * 24 * 3_600_000, bytes: 2 ** 30, everyCommits: 60 }

/** Rows that one pruning removes from a table: bounds the time that it takes, and is more than a minute can add. */
const BATCH = 5_000
const TABLES = ['ticks', 'decisions', 'events'] as const

/** Oldest first out, by age and then by size. */
export function prune(db: Database, now: Millis, { ageMs, bytes }: Limits): void {
  db.transaction('normal', () => {
    pruneByAge(db, now - ageMs)
    let more = true
    while (more && usedBytes(db) > bytes) more = pruneOldest(db)
  })
}

function pruneByAge(db: Database, before: Millis): void {
  for (const table of TABLES) {
    const oldest = `SELECT id FROM ${table} WHERE at < ? ORDER BY at LIMIT ${BATCH}`
    db.run(`DELETE FROM ${table} WHERE id IN (${oldest})`, before)
  }
  db.run('DELETE FROM intents WHERE closedAt < ? AND at < ?', before, before)
  db.run('DELETE FROM orders WHERE untilAt < ?', before)
}

/** Removes a tenth of the time that the journal covers from all tables alike; false when there is nothing left. */
function pruneOldest(db: Database): boolean {
  const ends = TABLES.map((table) => db.get(`SELECT min(at) AS first, max(at) AS last FROM ${table}`))
  const instants = ends.flatMap((row) => (row?.first == null ? [] : [Number(row.first), Number(row.last)]))
  if (instants.length === 0) return false
  const first = Math.min(...instants)
  const cut = first + (Math.max(...instants) - first) / 10
  for (const table of TABLES) db.run(`DELETE FROM ${table} WHERE at <= ?`, cut)
  return true
}

/** Of the pages in use. */
export function usedBytes(db: Database): number {
  const read = (name: string): number => Number(db.get(`PRAGMA ${name}`)?.[name])
  return (read('page_count') - read('freelist_count')) * read('page_size')
}
