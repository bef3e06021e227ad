import type { CanaryState } from '../../core/canary.ts'
import type { Entries, Memory, Store } from '../../core/store.ts'
import type { Clock, Millis } from '../../core/time.ts'
import { auditsBefore, insertAudit } from './audits.ts'
import { type Database, openDatabase } from './database.ts'
import { closeIntents, insertIntents, recallIntents } from './intents.ts'
import {
  decisionsBefore,
  eventsAfter,
  insertDecision,
  insertEvent,
  insertTick,
  newestEvents,
} from './journal.ts'
import { deleteOrders, insertOrder, ordersOf, withdrawOrders } from './orders.ts'
import { LIMITS, type Limits, prune } from './prune.ts'

const CHECKPOINT_MS = 60_000

/** The journal in one SQLite file, made when it is not there. Throws Fault store.failed. */
export function openSqliteStore(path: string, clock: Clock, limits: Limits = LIMITS): Store & Disposable {
  const db = openDatabase(path)
  const checkpoints = new Map<string, Millis>()
  let commits = 0
  return {
    async claim() {
      return db.transaction('full', () => {
        db.run('UPDATE epochs SET epoch = epoch + 1')
        return Number(db.get('SELECT epoch FROM epochs')?.epoch)
      })
    },
    async recall(fleet) {
      const row = db.get('SELECT memory, sequence FROM fleets WHERE name = ?', fleet)
      const memory = row?.memory == null ? null : (JSON.parse(String(row.memory)) as Memory)
      const intents = recallIntents(db, fleet, clock.now())
      return { memory, intents, lastSequence: Number(row?.sequence ?? 0) }
    },
    async intend(fleet, intents) {
      db.transaction('full', () => insertIntents(db, fleet, intents))
    },
    async commit(fleet, memory, entries) {
      const text = JSON.stringify(memory)
      const due = entries.tick.at - (checkpoints.get(fleet) ?? -Infinity) >= CHECKPOINT_MS
      db.transaction('normal', () => {
        keepMemory(db, fleet, text)
        insertTick(db, fleet, entries.tick, due ? text : null)
        keepEntries(db, entries)
      })
      if (due) checkpoints.set(fleet, entries.tick.at)
      if (++commits % limits.everyCommits === 0) prune(db, clock.now(), limits)
    },
    orders: async (scope, now) => ordersOf(db, scope, now),
    async order(body, about) {
      return db.transaction('full', () => insertOrder(db, body, about))
    },
    async withdraw(scope, match) {
      db.transaction('full', () => withdrawOrders(db, scope, match))
    },
    canaries: async (scope) => canariesOf(db, scope),
    async keepCanaries(scope, states, doneOrders) {
      db.transaction('full', () => {
        keepCanaries(db, scope, states)
        deleteOrders(db, doneOrders)
      })
    },
    decisions: async (query) => decisionsBefore(db, query),
    events: async ({ afterId, limit }) => eventsAfter(db, afterId, limit),
    lastEvents: async (limit) => newestEvents(db, limit),
    async event(event) {
      db.transaction('normal', () => insertEvent(db, event))
    },
    async audit(record) {
      db.transaction('full', () => insertAudit(db, record))
    },
    audits: async (query) => auditsBefore(db, query),
    [Symbol.dispose]: () => db[Symbol.dispose](),
  }
}

function keepMemory(db: Database, fleet: string, text: string): void {
  const sql =
    'INSERT INTO fleets (name, memory) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET memory = excluded.memory'
  db.run(sql, fleet, text)
}

function canariesOf(db: Database, scope: string): readonly CanaryState[] {
  const row = db.get('SELECT body FROM canaries WHERE scope = ?', scope)
  return row === undefined ? [] : (JSON.parse(String(row.body)) as readonly CanaryState[])
}

function keepCanaries(db: Database, scope: string, states: readonly CanaryState[]): void {
  const sql =
    'INSERT INTO canaries (scope, body) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET body = excluded.body'
  db.run(sql, scope, JSON.stringify(states))
}

function keepEntries(db: Database, { tick, decision, events, closed, doneOrders }: Entries): void {
  if (decision) insertDecision(db, decision)
  for (const event of events) insertEvent(db, event)
  closeIntents(db, closed, tick.at)
  deleteOrders(db, doneOrders)
}
