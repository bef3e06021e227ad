import type { Intent, IntentRecord, Outcome } from '../../core/step.ts'
import type { ClosedIntent } from '../../core/store.ts'
import type { Millis } from '../../core/time.ts'
import type { Database, Row } from './database.ts'

/** Cooldowns, flap budgets and back-off look no further back. */
const RECALL_MS = 24 * 3_600_000
const RECALL_COUNT = 1000

/** Inside a transaction. A token that is there already is an error: it names one launch for ever. */
export function insertIntents(db: Database, fleet: string, intents: readonly Intent[]): void {
  for (const intent of intents) {
    const sequence = sequenceOf(intent.token)
    db.run(
      'INSERT INTO intents (token, fleet, sequence, at, body) VALUES (?, ?, ?, ?, ?)',
      intent.token,
      fleet,
      sequence,
      intent.at,
      JSON.stringify(intent),
    )
    db.run(
      `INSERT INTO fleets (name, sequence) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET sequence = max(sequence, excluded.sequence)`,
      fleet,
      sequence,
    )
  }
}

/** Inside a transaction. */
export function closeIntents(db: Database, closed: readonly ClosedIntent[], at: Millis): void {
  for (const { token, outcome, detail } of closed) {
    const sql =
      'UPDATE intents SET closedAt = ?, outcome = ?, detail = ? WHERE token = ? AND closedAt IS NULL'
    db.run(sql, at, outcome, detail, token)
  }
}

/** Oldest first. When there are too many, open ones stay and the oldest closed ones go. */
export function recallIntents(db: Database, fleet: string, now: Millis): readonly IntentRecord[] {
  const rows = db.all(
    `SELECT * FROM (
       SELECT * FROM intents WHERE fleet = ? AND (closedAt IS NULL OR at >= ?)
       ORDER BY closedAt IS NULL DESC, at DESC, sequence DESC LIMIT ${RECALL_COUNT}
     ) ORDER BY at, sequence`,
    fleet,
    now - RECALL_MS,
  )
  return rows.map(toRecord)
}

/** All that there are, oldest first. */
export function allIntents(db: Database, fleet: string): readonly IntentRecord[] {
  return db.all('SELECT * FROM intents WHERE fleet = ? ORDER BY at, sequence', fleet).map(toRecord)
}

function toRecord({ body, closedAt, outcome, detail }: Row): IntentRecord {
  const intent = JSON.parse(String(body)) as Intent
  if (closedAt === null) return { ...intent, closed: null }
  return {
    ...intent,
    closed: { at: Number(closedAt), outcome: outcome as Outcome, detail: String(detail) },
  }
}

/** The last part of `installation.fleet.sequence`; 0 when it is no number. */
function sequenceOf(token: string): number {
  const sequence = Number(token.slice(token.lastIndexOf('.') + 1))
  return Number.isSafeInteger(sequence) ? sequence : 0
}
