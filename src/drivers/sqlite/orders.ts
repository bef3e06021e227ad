import type { Order, OrderBody } from '../../core/order.ts'
import type { Millis } from '../../core/time.ts'
import type { Database, Row } from './database.ts'

export function insertOrder(db: Database, body: OrderBody, about: Omit<Order, 'id' | 'kind'>): Order {
  const { scope, at, untilAt, by } = about
  const sql = 'INSERT INTO orders (scope, at, untilAt, givenBy, body) VALUES (?, ?, ?, ?, ?)'
  const { id } = db.run(sql, scope, at, untilAt, by, JSON.stringify(body))
  return { ...body, id, scope, at, untilAt, by }
}

/** In the order in which they were given, without those that have ended. */
export function ordersOf(db: Database, scope: string, now: Millis): readonly Order[] {
  const sql = 'SELECT * FROM orders WHERE scope = ? AND (untilAt IS NULL OR untilAt > ?) ORDER BY id'
  return db.all(sql, scope, now).map(toOrder)
}

/** Inside a transaction. */
export function deleteOrders(db: Database, ids: readonly number[]): void {
  for (const id of ids) db.run('DELETE FROM orders WHERE id = ?', id)
}

/** Inside a transaction: every order of the scope that has all of these parts. */
export function withdrawOrders(
  db: Database,
  scope: string,
  match: Readonly<Record<string, string | undefined>>,
): void {
  const parts = Object.entries(match).filter(([, value]) => value !== undefined)
  const rows = db.all('SELECT * FROM orders WHERE scope = ?', scope)
  const matching = rows.filter(({ body }) => {
    const order = JSON.parse(String(body)) as Readonly<Record<string, unknown>>
    return parts.every(([name, value]) => order[name] === value)
  })
  deleteOrders(
    db,
    matching.map(({ id }) => Number(id)),
  )
}

function toOrder({ id, scope, at, untilAt, givenBy, body }: Row): Order {
  const until = untilAt === null ? null : Number(untilAt)
  const order = JSON.parse(String(body)) as OrderBody
  return {
    ...order,
    id: Number(id),
    scope: String(scope),
    at: Number(at),
    untilAt: until,
    by: String(givenBy),
  }
}
