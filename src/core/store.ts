import type { AlertMemory } from './alerts.ts'
import type { AuditRecord } from './audit.ts'
import type { CanaryState } from './canary.ts'
import type { FleetCost, Spend } from './cost.ts'
import type { Start } from './learned.ts'
import type { MetricName, Reading } from './metrics.ts'
import type { Order, OrderBody } from './order.ts'
import type { Other, OthersMemory } from './others.ts'
import type { Replacement } from './replacement.ts'
import type { Backoff, Decision, Past, ServerState, View } from './scaling.ts'
import type { ShadowMemory } from './shadow.ts'
import type { Intent, IntentRecord, Outcome, Receipt } from './step.ts'
import type { Millis } from './time.ts'
import type { TuningState } from './tuning.ts'
import type { Tuned } from './tuning-spec.ts'

/** One tick of one fleet, as the journal keeps it. */
export interface DecisionRecord {
  readonly id: number
  readonly fleet: string
  readonly at: Millis
  readonly decision: Decision
  readonly readings: View['readings']
  readonly servers: readonly { readonly id: string; readonly state: ServerState }[]
  readonly steps: readonly Intent[]
  readonly receipts: readonly Receipt[]
  /** Absent in what older versions wrote. */
  readonly others?: readonly Other[]
  /** Of the configuration in shadow; absent where none runs. */
  readonly shadow?: Decision
}

/** What a loop remembers from tick to tick. Bounded; what must never be lost is in intents instead. */
export interface Memory {
  readonly past: Past
  readonly backoff: Backoff | null
  /** Since when each draining server drains, by id. */
  readonly draining: Readonly<Record<string, Millis>>
  /** Servers that served and were confirmed, by id: the start-up limit no longer applies to them. */
  readonly confirmed: readonly string[]
  /** What the last decision that saw everything wanted; null = there was none. */
  readonly want: number | null
  /** The replacement that is going on, so that a restart forgets no failure. */
  readonly replacement: Replacement | null
  /** The newest starts, oldest first; absent in what older versions wrote. */
  readonly starts?: readonly Start[]
  /** Requests a second that a server surely carries, as was learned; absent where that is not known. */
  readonly surelyRps?: number
  /** Absent before the first tick. */
  readonly alerts?: AlertMemory
  /** Absent before the first tick. */
  readonly spend?: Spend
  /** While the budget is used up: see BudgetView. */
  readonly budgetHeld?: number | null
  readonly others?: OthersMemory
  /** Absent where no configuration runs in shadow. */
  readonly shadow?: ShadowMemory
  /** Absent where nothing is tuned. */
  readonly tuning?: TuningState
  /** Receipts of open intents. */
  readonly receipts: readonly Receipt[]
  /** The last tick's clock, to see jumps. */
  readonly tickAt: Millis
  readonly clockHoldUntilAt: Millis
}

/** What a tick saw that no table keeps as it was then. Nothing = as usual. */
export interface Seen {
  readonly blind?: readonly string[]
  /** While launches wait. */
  readonly backoff?: Backoff
  readonly resumable?: readonly string[]
  readonly lost?: readonly string[]
  /** Where it is not their number. */
  readonly missing?: number
  /** Places within max that are taken, where those are not `have`. */
  readonly taken?: number
  /** Those that a decision looks at. */
  readonly orders?: readonly Order[]
  /** Where it was known. */
  readonly capacityRps?: number
  /** Where a price is known. */
  readonly cost?: FleetCost
  /** While the clock has jumped. */
  readonly clockHoldUntilAt?: Millis
  /** Settings that were not those of the file. */
  readonly tuned?: readonly Tuned[]
}

/** The compact inputs of a tick, for replay: what was read, by name. */
export interface TickRecord {
  readonly at: Millis
  /** Of every metric that decisions look at or look back on. */
  readonly readings: Readonly<Record<MetricName, Reading>>
  /** Absent where no policy looks ahead. */
  readonly outlooks?: View['outlooks']
  /** Absent in what older versions wrote. */
  readonly seen?: Seen
  /** id -> state and requests in flight. */
  readonly servers: readonly {
    readonly id: string
    readonly state: string
    readonly inFlight: number | null
  }[]
  readonly have: number
  readonly want: number
  /** What the configuration in shadow wants; absent where none does. */
  readonly shadow?: number
}

export type Event = {
  readonly id: number
  readonly at: Millis
  /** Whose: `fleet:api`, `balancer:gateway`, `system`. */
  readonly scope: string
  /** decision | step | fault | order | server | member | config */
  readonly kind: string
  /** One sentence for people. */
  readonly text: string
}

export interface ClosedIntent {
  readonly token: string
  readonly outcome: Outcome
  readonly detail: string
}

/** What a tick leaves behind. */
export interface Entries {
  readonly tick: TickRecord
  /** Present when want, reasons or steps changed, else once a minute. */
  readonly decision: Omit<DecisionRecord, 'id'> | null
  readonly events: readonly Omit<Event, 'id'>[]
  readonly closed: readonly ClosedIntent[]
  /** Orders that are done, by id. */
  readonly doneOrders: readonly number[]
}

export interface Recalled {
  readonly memory: Memory | null
  /** All open ones and those of the last hours, oldest first, at most 1000. */
  readonly intents: readonly IntentRecord[]
  /** The highest sequence used in any token of this fleet; 0 when none. */
  readonly lastSequence: number
}

/** The journal. `intend` and `order` are durable when they return; `commit` survives a crash of the process. Throws Fault. */
export interface Store {
  /** Takes the controller's role: each call gives a higher number than all before. */
  claim(): Promise<number>
  recall(fleet: string): Promise<Recalled>
  /** Writes down what will be done, before it is done. */
  intend(fleet: string, intents: readonly Intent[]): Promise<void>
  /** Closes the intents and orders that it names, keeps memory and the journal. One transaction. */
  commit(fleet: string, memory: Memory, entries: Entries): Promise<void>
  orders(scope: string, now: Millis): Promise<readonly Order[]>
  order(
    body: OrderBody,
    about: { scope: string; at: Millis; untilAt: Millis | null; by: string },
  ): Promise<Order>
  /** Takes back every order of the scope that the predicate's parts match. */
  withdraw(
    scope: string,
    match: {
      kind: OrderBody['kind']
      server?: string
      member?: string
      pool?: string
      canary?: string
      action?: string
    },
  ): Promise<void>
  /** How far the canaries of a balancer have come. */
  canaries(scope: string): Promise<readonly CanaryState[]>
  /** These are all that the balancer has; closes the orders that it names. One transaction, durable when it resolves. */
  keepCanaries(scope: string, states: readonly CanaryState[], doneOrders: readonly number[]): Promise<void>
  /** Newest first. */
  decisions(query: { fleet: string; limit: number; beforeId?: number }): Promise<readonly DecisionRecord[]>
  /** Oldest first; at most `limit`. */
  events(query: { afterId: number; limit: number }): Promise<readonly Event[]>
  /** Newest `limit`, oldest first. */
  lastEvents(limit: number): Promise<readonly Event[]>
  event(event: Omit<Event, 'id'>): Promise<void>
  /** Durable when it resolves. */
  audit(record: Omit<AuditRecord, 'id'>): Promise<void>
  /** Newest first. */
  audits(query: { limit: number; beforeId?: number }): Promise<readonly AuditRecord[]>
}
