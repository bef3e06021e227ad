import type { Schema } from '../schema.ts'

/** A row is a block of one series at one resolution; its id says which, see core/history-block.ts. Six blocks of sums fit a page. */
export const HISTORY: Schema = {
  what: 'the history',
  pageBytes: 16_384,
  migrations: [
    `CREATE TABLE rolled (id INTEGER PRIMARY KEY CHECK (id = 1), at REAL NOT NULL);
     INSERT INTO rolled VALUES (1, 0);
     CREATE TABLE series (
       id INTEGER PRIMARY KEY, fleet TEXT NOT NULL, metric TEXT NOT NULL, lastAt REAL NOT NULL,
       UNIQUE (fleet, metric));
     CREATE TABLE level0 (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
     CREATE TABLE level1 (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
     CREATE TABLE level2 (id INTEGER PRIMARY KEY, body BLOB NOT NULL);`,
  ],
}
