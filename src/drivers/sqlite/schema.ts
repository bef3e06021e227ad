import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../../core/fault.ts'

export interface Schema {
  /** For messages. */
  readonly what: string
  readonly pageBytes: number
  /** Each entry brings a database from the version that is its index to the next one. Append only. */
  readonly migrations: readonly string[]
}

export const JOURNAL: Schema = {
  what: 'the journal',
  pageBytes: 4096,
  migrations: [
    `CREATE TABLE epochs (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL);
   INSERT INTO epochs VALUES (1, 0);
   CREATE TABLE fleets (name TEXT PRIMARY KEY, memory TEXT, sequence INTEGER NOT NULL DEFAULT 0);
   CREATE TABLE intents (
     token TEXT PRIMARY KEY, fleet TEXT NOT NULL, sequence INTEGER NOT NULL, at REAL NOT NULL,
     body TEXT NOT NULL, closedAt REAL, outcome TEXT, detail TEXT);
   CREATE INDEX intents_by_fleet ON intents (fleet, at, sequence);
   CREATE INDEX open_intents ON intents (fleet, at, sequence) WHERE closedAt IS NULL;
   CREATE TABLE orders (
     id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, at REAL NOT NULL, untilAt REAL,
     givenBy TEXT NOT NULL, body TEXT NOT NULL);
   CREATE TABLE ticks (
     id INTEGER PRIMARY KEY AUTOINCREMENT, fleet TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL,
     checkpoint TEXT);
   CREATE INDEX ticks_by_time ON ticks (at);
   CREATE INDEX checkpoints ON ticks (fleet, at) WHERE checkpoint IS NOT NULL;
   CREATE TABLE decisions (
     id INTEGER PRIMARY KEY AUTOINCREMENT, fleet TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL);
   CREATE INDEX decisions_by_fleet ON decisions (fleet, id);
   CREATE INDEX decisions_by_time ON decisions (at);
   CREATE TABLE events (
     id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL,
     text TEXT NOT NULL);
   CREATE INDEX events_by_time ON events (at);`,
    `CREATE TABLE audits (id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, body TEXT NOT NULL);`,
    `CREATE TABLE canaries (scope TEXT PRIMARY KEY, body TEXT NOT NULL);`,
  ],
}

/** Makes the database what this version expects. Throws Fault store.failed when a later Tidegate has written it. */
export function migrate(db: DatabaseSync, schema: Schema): void {
  const version = versionOf(db, schema)
  schema.migrations.slice(version).forEach((step, index) => {
    db.exec(`BEGIN; ${step} PRAGMA user_version = ${version + index + 1}; COMMIT`)
  })
}

/** Of the database as it is. Throws as `migrate` does. */
export function versionOf(db: DatabaseSync, { what, migrations }: Schema): number {
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (version > migrations.length) {
    const message = `${what} is of version ${version}, and this Tidegate knows ${migrations.length}; install the later one`
    throw new Fault('store.failed', message, { source: 'user', retry: 'no' })
  }
  return version
}
