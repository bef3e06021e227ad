import type { ExitCount } from '../core/admin.ts'
import type { Member } from '../core/balancer.ts'
import type { Listed } from '../core/fleet.ts'
import type { Decision } from '../core/scaling.ts'
import { type Intent, type IntentRecord, type Receipt, sequenceOf } from '../core/step.ts'
import type { Entries, Memory, Recalled } from '../core/store.ts'
import type { Millis } from '../core/time.ts'
import { countExits } from './exits.ts'
import { Flights } from './flights.ts'
import { type Journalled, textOf } from './journal.ts'
import { Learner } from './learner.ts'
import { Lookout } from './lookout.ts'
import type { Planned } from './planned.ts'
import type { FleetSettings } from './ports.ts'
import { FleetTuning } from './tuning.ts'
import type { FleetView } from './view.ts'

const KEEP_INTENTS = 1000

export const EMPTY_MEMORY: Memory = {
  past: { samples: {}, wants: [] },
  backoff: null,
  draining: {},
  confirmed: [],
  want: null,
  replacement: null,
  receipts: [],
  tickAt: 0,
  clockHoldUntilAt: 0,
}

/** What the ports last showed: a blind tick judges by it, and a list is reused while it is fresh. */
export interface Senses {
  listed: Listed
  members: Readonly<Record<string, readonly Member[]>>
  /** When each known server was last listed, to tell a vanished one from a list that lags. */
  seen: ReadonlyMap<string, Millis>
  /** When this controller first looked. */
  sinceAt: Millis | null
  /** When a balancer of its pools was last not as configured. */
  troubledAt: Millis
}

/** What a tick made of the world, kept for the next tick's comparison and for those who ask. */
export interface Ticked {
  readonly view: FleetView
  readonly decision: Decision
  readonly planned: readonly Planned[]
  /** Of the configuration in shadow. */
  readonly shadow: Decision | null
}

/** What a fleet's loop holds between ticks. All that matters can be recalled from the store. */
export class FleetState {
  settings: FleetSettings
  memory: Memory
  intents: readonly IntentRecord[]
  lastSequence: number
  readonly flights: Flights
  readonly lookout = new Lookout()
  readonly learner: Learner
  readonly tuning = new FleetTuning()
  readonly senses: Senses = {
    listed: { servers: [], at: Number.NEGATIVE_INFINITY },
    members: {},
    seen: new Map(),
    sinceAt: null,
    troubledAt: Number.NEGATIVE_INFINITY,
  }
  last: Ticked | null = null
  /** The end of the last tick is not in the store. */
  isBehind = false
  /** How many of the last ticks, without a break, could not see everything. */
  blindTicks = 0
  journalled: Journalled | null = null
  /** How many servers have ended by themselves, by reason. */
  exits: readonly ExitCount[] = []

  constructor(settings: FleetSettings, recalled: Recalled) {
    this.settings = settings
    this.memory = recalled.memory ?? EMPTY_MEMORY
    this.intents = recalled.intents
    this.lastSequence = recalled.lastSequence
    this.learner = new Learner(this.memory.surelyRps ?? null)
    this.flights = new Flights(this.memory.receipts)
  }

  /** They are in the store. */
  intended(intents: readonly Intent[]): void {
    if (intents.length === 0) return
    this.intents = [...this.intents, ...intents.map((intent) => ({ ...intent, closed: null }))]
    this.lastSequence = Math.max(this.lastSequence, ...intents.map(({ token }) => sequenceOf(token)))
  }

  /** Receipts that came in since the last tick wrote some down. */
  unwritten({ measured }: FleetView): readonly Receipt[] {
    const written = new Map(this.memory.receipts.map((receipt) => [receipt.token, receipt.at]))
    return [...measured.receipts.values()].filter(({ token, at }) => written.get(token) !== at)
  }

  /** The tick is in the store. */
  committed(ticked: Ticked, memory: Memory, { closed, decision }: Entries): void {
    const at = ticked.view.now
    this.isBehind = false
    this.#close(closed, at)
    this.memory = memory
    this.exits = countExits(this.exits, ticked.view.servers, this.last?.view.servers ?? [])
    this.last = ticked
    this.blindTicks = ticked.view.blind.length > 0 ? this.blindTicks + 1 : 0
    if (decision) this.journalled = { text: textOf(ticked.decision, ticked.shadow), at }
  }

  /** While nothing is closed the list stays the same object, by which much is known of it already. */
  #close(closed: Entries['closed'], at: Millis): void {
    if (closed.length === 0) return
    const outcomes = new Map(closed.map((one) => [one.token, one]))
    const intents = this.intents.map((intent) => {
      const end = outcomes.get(intent.token)
      return end ? { ...intent, closed: { at, outcome: end.outcome, detail: end.detail } } : intent
    })
    const excess = intents.length - KEEP_INTENTS
    this.intents = intents.filter((intent, index) => index >= excess || intent.closed === null)
    this.flights.forget(closed.map((one) => one.token))
  }
}
