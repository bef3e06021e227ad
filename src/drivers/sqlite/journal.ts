import type { DecisionRecord, Event, TickRecord } from '../../core/store.ts'
import type { Database, Row } from './database.ts'

/** `checkpoint` is the memory that the next tick starts from; replay begins at one. */
export function insertTick(db: Database, fleet: string, tick: TickRecord, checkpoint: string | null): void {
  const sql = 'INSERT INTO ticks (fleet, at, body, checkpoint) VALUES (?, ?, ?, ?)'
  db.run(sql, fleet, tick.at, JSON.stringify(tick), checkpoint)
}

export function insertDecision(db: Database, record: Omit<DecisionRecord, 'id'>): void {
  const sql = 'INSERT INTO decisions (fleet, at, body) VALUES (?, ?, ?)'
  db.run(sql, record.fleet, record.at, JSON.stringify(record))
}

export function insertEvent(db: Database, { at, scope, kind, text }: Omit<Event, 'id'>): void {
  db.run('INSERT INTO events (at, scope, kind, text) VALUES (?, ?, ?, ?)', at, scope, kind, text)
}

/** Newest first. */
export function decisionsBefore(
  db: Database,
  { fleet, limit, beforeId }: { fleet: string; limit: number; beforeId?: number },
): readonly DecisionRecord[] {
  const sql = 'SELECT id, body FROM decisions WHERE fleet = ? AND id < ? ORDER BY id DESC LIMIT ?'
  return db.all(sql, fleet, beforeId ?? Number.MAX_SAFE_INTEGER, limit).map(({ id, body }) => {
    return { ...(JSON.parse(String(body)) as Omit<DecisionRecord, 'id'>), id: Number(id) }
  })
}

/** Oldest first. */
export function eventsAfter(db: Database, afterId: number, limit: number): readonly Event[] {
  return db.all('SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?', afterId, limit).map(toEvent)
}

/** The newest, oldest first. */
export function newestEvents(db: Database, limit: number): readonly Event[] {
  return db.all('SELECT * FROM events ORDER BY id DESC LIMIT ?', limit).map(toEvent).reverse()
}

function toEvent({ id, at, scope, kind, text }: Row): Event {
  return { id: Number(id), at: Number(at), scope: String(scope), kind: String(kind), text: String(text) }
}
