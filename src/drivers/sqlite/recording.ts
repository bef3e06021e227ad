import type { Checkpoint, Recording } from '../../core/recording.ts'
import type { DecisionRecord, Memory, TickRecord } from '../../core/store.ts'
import { type Database, type Row, readDatabase } from './database.ts'
import { allIntents } from './intents.ts'
import { JOURNAL } from './schema.ts'

/** A reading that goes on for long would keep the journal's writer from tidying up: so many rows at once. */
const PAGE = 1_000

/** The journal of a state directory as it is now, whether a controller writes it or not. Throws Fault store.failed. */
export function openRecording(path: string): Recording & Disposable {
  const db = readDatabase(path, JOURNAL)
  return {
    checkpoint(fleet, at) {
      const all = 'SELECT id, at, checkpoint FROM ticks WHERE fleet = ? AND checkpoint IS NOT NULL'
      const newest = db.get(`${all} AND at <= ? ORDER BY at DESC LIMIT 1`, fleet, at)
      const row = newest ?? db.get(`${all} ORDER BY at LIMIT 1`, fleet)
      return row === undefined ? null : toCheckpoint(row)
    },
    *ticks(fleet, after, toAt) {
      const sql = `SELECT id, body FROM ticks WHERE fleet = ? AND id > ? AND +at <= ? ORDER BY id LIMIT ${PAGE}`
      for (const { body } of pages(db, { sql, of: [fleet], afterId: after.id, upTo: toAt }))
        yield JSON.parse(String(body)) as TickRecord
    },
    lacks(metric, fleet, after, toAt) {
      const sql = `SELECT id FROM ticks WHERE fleet = ? AND id > ? AND +at <= ?
        AND json_type(body, ?) IS NULL LIMIT 1`
      return db.get(sql, fleet, after.id, toAt, `$.readings.${JSON.stringify(metric)}`) !== undefined
    },
    *decisions(fleet, fromAt, toAt) {
      const sql = `SELECT id, body FROM decisions WHERE fleet = ? AND +at >= ? AND id > ? AND +at <= ?
        ORDER BY id LIMIT ${PAGE}`
      for (const { id, body } of pages(db, { sql, of: [fleet, fromAt], afterId: 0, upTo: toAt }))
        yield { ...(JSON.parse(String(body)) as Omit<DecisionRecord, 'id'>), id: Number(id) }
    },
    intents: (fleet) => allIntents(db, fleet),
    [Symbol.dispose]: () => db[Symbol.dispose](),
  }
}

interface Reading {
  /** Takes `of`, then the id after which it begins and the last instant. */
  readonly sql: string
  readonly of: readonly (string | number)[]
  readonly afterId: number
  readonly upTo: number
}

function* pages(db: Database, { sql, of, afterId, upTo }: Reading): Generator<Row> {
  let last = afterId
  while (true) {
    const rows = db.all(sql, ...of, last, upTo)
    yield* rows
    if (rows.length < PAGE) return
    last = Number(rows.at(-1)?.id)
  }
}

function toCheckpoint({ id, at, checkpoint }: Row): Checkpoint {
  return { id: Number(id), at: Number(at), memory: JSON.parse(String(checkpoint)) as Memory }
}
