import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Fault, messageOf } from '../../core/fault.ts'
import { JOURNAL, migrate, type Schema, versionOf } from './schema.ts'

/** `full`: on disk when it returns (power cut). `normal`: survives the end of the process. */
export type Durability = 'full' | 'normal'
export type Row = Readonly<Record<string, string | number | Uint8Array | null>>

/** A connection with prepared statements, whose every error is a Fault. */
export interface Database extends Disposable {
  /** All of it or nothing. */
  transaction<T>(durability: Durability, body: () => T): T
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[]
  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined
  /** Gives the id of the last inserted row and the number of changed ones. */
  run(sql: string, ...values: readonly SQLInputValue[]): { readonly id: number; readonly changes: number }
}

/** The program is the only writer; others, like a backup, may hold it up shortly. */
const BUSY_MS = 5_000
/** The primary code: what was written is wrong, and will be wrong again. Extended codes differ in the upper bytes. */
const SQLITE_CONSTRAINT = 19
/** When it has this much, the log goes into the file: SQLite's own 1000 pages of 4 KiB. */
const WAL_BYTES = 1000 * 4096
const WAL_LIMIT_BYTES = 64 * 2 ** 20

/** Opens or creates, in WAL mode. Throws Fault store.failed. */
export function openDatabase(path: string, schema: Schema = JOURNAL): Database {
  const db = faulty(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const opened = new DatabaseSync(path, { timeout: BUSY_MS })
    // A file that is there keeps its page size.
    opened.exec(
      `PRAGMA page_size = ${schema.pageBytes}; PRAGMA wal_autocheckpoint = ${WAL_BYTES / schema.pageBytes}`,
    )
    opened.exec(`PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`)
    migrate(opened, schema)
    return opened
  })
  return databaseOf(db)
}

/** Opens what is there to be read, also while its only writer is at work. Throws Fault store.failed. */
export function readDatabase(path: string, schema: Schema): Database {
  const db = faulty(() => {
    const opened = new DatabaseSync(path, { timeout: BUSY_MS, readOnly: true })
    versionOf(opened, schema)
    return opened
  })
  return databaseOf(db)
}

function databaseOf(db: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  return {
    transaction: (durability, body) => faulty(() => transact(db, durability, body)),
    all: (sql, ...values) => faulty(() => prepared(sql).all(...values) as Row[]),
    get: (sql, ...values) => faulty(() => prepared(sql).get(...values) as Row | undefined),
    run: (sql, ...values) =>
      faulty(() => {
        const { lastInsertRowid, changes } = prepared(sql).run(...values)
        return { id: Number(lastInsertRowid), changes: Number(changes) }
      }),
    [Symbol.dispose]: () => db.close(),
  }
}

/** The durability can only change between transactions; a FULL commit also syncs what NORMAL ones wrote before. */
function transact<T>(db: DatabaseSync, durability: Durability, body: () => T): T {
  db.exec(`PRAGMA synchronous = ${durability}; BEGIN IMMEDIATE`)
  try {
    const result = body()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // Some errors, like a full disk, have rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function faulty<T>(body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (error instanceof Fault) throw error
    const refused = ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_CONSTRAINT
    const about = refused
      ? { source: 'internal' as const, retry: 'no' as const }
      : { source: 'user' as const, retry: 'yes' as const }
    throw new Fault('store.failed', messageOf(error), { ...about, cause: error })
  }
}
