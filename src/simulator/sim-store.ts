import type { AuditRecord } from '../core/audit.ts'
import type { CanaryState } from '../core/canary.ts'
import { Fault } from '../core/fault.ts'
import type { Order, OrderBody } from '../core/order.ts'
import type { Intent, IntentRecord } from '../core/step.ts'
import type { DecisionRecord, Entries, Event, Memory, Recalled, Store } from '../core/store.ts'
import type { Clock, Millis } from '../core/time.ts'

const MOST_INTENTS = 1000

/** A journal in memory. It outlives the controllers that use it, and gives back copies, as a disk would: what is written down changes no more,
 *  so that it is copied only when it is read. */
export class SimStore implements Store {
  readonly #clock: Clock
  /** By fleet, then by token in the order in which they were written. */
  readonly #intents = new Map<string, Map<string, IntentRecord>>()
  readonly #memories = new Map<string, Memory>()
  readonly #decisions: DecisionRecord[] = []
  readonly #events: Event[] = []
  readonly #audits: AuditRecord[] = []
  readonly #canaries = new Map<string, readonly CanaryState[]>()
  #orders: Order[] = []
  #epoch = 0
  #lastOrder = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async claim(): Promise<number> {
    return ++this.#epoch
  }

  async recall(fleet: string): Promise<Recalled> {
    const intents = [...this.#intentsOf(fleet).values()]
    const excess = intents.length - MOST_INTENTS
    const closed = intents.filter((intent) => intent.closed !== null).slice(0, Math.max(0, excess))
    const kept = intents.filter((intent) => !closed.includes(intent))
    const sequences = intents.map(({ token }) => Number(token.slice(token.lastIndexOf('.') + 1)))
    return {
      memory: copy(this.#memories.get(fleet) ?? null),
      intents: copy(kept),
      lastSequence: sequences.reduce((highest, one) => Math.max(highest, one), 0),
    }
  }

  async intend(fleet: string, intents: readonly Intent[]): Promise<void> {
    const known = this.#intentsOf(fleet)
    const twice = intents.find((intent) => known.has(intent.token))
    if (twice) throw refused(`the token ${twice.token} has been used`)
    for (const intent of copy(intents)) known.set(intent.token, { ...intent, closed: null })
  }

  async commit(fleet: string, memory: Memory, entries: Entries): Promise<void> {
    const at = this.#clock.now()
    const intents = this.#intentsOf(fleet)
    for (const { token, outcome, detail } of entries.closed) {
      const intent = intents.get(token)
      if (intent) intents.set(token, { ...intent, closed: { at, outcome, detail } })
    }
    this.#memories.set(fleet, memory)
    this.#orders = this.#orders.filter((order) => !entries.doneOrders.includes(order.id))
    if (entries.decision) this.#decisions.push({ ...entries.decision, id: this.#decisions.length + 1 })
    for (const event of entries.events) await this.event(event)
  }

  async orders(scope: string, now: Millis): Promise<readonly Order[]> {
    return this.#orders.filter((order) => order.scope === scope && (order.untilAt ?? now + 1) > now)
  }

  async order(body: OrderBody, about: Pick<Order, 'scope' | 'at' | 'untilAt' | 'by'>): Promise<Order> {
    const order = { ...body, ...about, id: ++this.#lastOrder }
    this.#orders.push(order)
    return order
  }

  async withdraw(scope: string, match: Parameters<Store['withdraw']>[1]): Promise<void> {
    const fits = (order: Order) =>
      Object.entries(match).every(([key, value]) => value === order[key as keyof Order])
    this.#orders = this.#orders.filter((order) => order.scope !== scope || !fits(order))
  }

  async canaries(scope: string): Promise<readonly CanaryState[]> {
    return copy(this.#canaries.get(scope) ?? [])
  }

  async keepCanaries(scope: string, states: readonly CanaryState[], done: readonly number[]): Promise<void> {
    this.#canaries.set(scope, copy(states))
    this.#orders = this.#orders.filter((order) => !done.includes(order.id))
  }

  async decisions(query: Parameters<Store['decisions']>[0]): Promise<readonly DecisionRecord[]> {
    const { fleet, limit, beforeId = Number.POSITIVE_INFINITY } = query
    const older = this.#decisions.filter((record) => record.fleet === fleet && record.id < beforeId)
    return copy(older.reverse().slice(0, limit))
  }

  async events({ afterId, limit }: { afterId: number; limit: number }): Promise<readonly Event[]> {
    return this.#events.filter((event) => event.id > afterId).slice(0, limit)
  }

  async lastEvents(limit: number): Promise<readonly Event[]> {
    return this.#events.slice(-limit)
  }

  async event(event: Omit<Event, 'id'>): Promise<void> {
    this.#events.push({ ...event, id: this.#events.length + 1 })
  }

  async audit(record: Omit<AuditRecord, 'id'>): Promise<void> {
    this.#audits.push({ ...copy(record), id: this.#audits.length + 1 })
  }

  async audits({ limit, beforeId = Number.POSITIVE_INFINITY }: Parameters<Store['audits']>[0]) {
    return this.#audits
      .filter(({ id }) => id < beforeId)
      .reverse()
      .slice(0, limit)
  }

  #intentsOf(fleet: string): Map<string, IntentRecord> {
    const intents = this.#intents.get(fleet) ?? new Map<string, IntentRecord>()
    this.#intents.set(fleet, intents)
    return intents
  }
}

/** Through text, so that what cannot be written down does not survive here either. */
function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

function refused(message: string): Fault {
  return new Fault('store.failed', message, { source: 'internal', retry: 'no' })
}
