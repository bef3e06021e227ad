import type { Member } from '../core/balancer.ts'
import type { Window } from '../core/calendar.ts'
import type { Kept, Server } from '../core/fleet.ts'
import type { Start } from '../core/learned.ts'
import type { MetricName, Reading } from '../core/metrics.ts'
import type { Order } from '../core/order.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { ServerState, ServerView, View } from '../core/scaling.ts'
import type { IntentRecord, Receipt } from '../core/step.ts'
import type { Memory } from '../core/store.ts'
import type { Millis } from '../core/time.ts'

/** All that was read in one tick, and what the loop knew before. */
export interface Measured {
  readonly fleet: FleetSpec
  readonly now: Millis
  readonly listed: readonly Server[]
  readonly kept: readonly Kept[]
  /** How many may be kept. */
  readonly keeps: number
  readonly strays: readonly string[]
  /** By pool. */
  readonly members: Readonly<Record<string, readonly Member[]>>
  readonly readings: Readonly<Record<MetricName, Reading>>
  /** Those that no decision looks at; only the history keeps them. */
  readonly besides: Readonly<Partial<Record<MetricName, Reading>>>
  readonly outlooks: View['outlooks']
  /** Requests a second that one server can surely carry, as was learned; null = not known. */
  readonly surelyRps: number | null
  /** The newest starts of its servers. */
  readonly starts: readonly Start[]
  /** Of the fleet's policies that go by the calendar. */
  readonly calendar: readonly Window[]
  readonly orders: readonly Order[]
  /** Those that have come to their end since the last tick. */
  readonly expired: readonly Order[]
  /** What could not be read, and why; the parts above are then the last that were. */
  readonly blind: readonly string[]
  readonly receipts: ReadonlyMap<string, Receipt>
  readonly flying: ReadonlyMap<string, Millis>
  readonly intents: readonly IntentRecord[]
  readonly memory: Memory
  /** When each known server was last listed. */
  readonly seen: ReadonlyMap<string, Millis>
  /** When this controller first looked: an answer to the one before it may be younger than the clock, set since, makes it. */
  readonly sinceAt: Millis
  /** How long after an answer the world may still not show it. */
  readonly settleMs: Millis
  /** How many ticks before this one could not see everything. */
  readonly blindTicks: number
  /** The journal does not have the end of the last tick: what is begun now would leave steps that have long landed open behind it. */
  readonly isBehind: boolean
  /** Why a balancer of its pools is not as configured; null = all are. */
  readonly trouble: string | null
  /** When there was such a trouble last: no server could have been admitted before then. */
  readonly troubledAt: Millis
  /** The last tick's states; null on the first. */
  readonly before: ReadonlyMap<string, ServerState> | null
  /** Those that were lost in the last tick. */
  readonly lostBefore: readonly string[]
  /** What state each server is in, by all that: those that are listed, and those that vanished and are members still. */
  readonly servers: readonly ServerView[]
}

/** The part of it that tells what state a server is in. */
export type World = Omit<
  Measured,
  | 'blind'
  | 'expired'
  | 'kept'
  | 'keeps'
  | 'strays'
  | 'readings'
  | 'besides'
  | 'outlooks'
  | 'surelyRps'
  | 'starts'
  | 'calendar'
  | 'receipts'
  | 'flying'
  | 'isBehind'
  | 'before'
  | 'lostBefore'
  | 'blindTicks'
  | 'servers'
>
