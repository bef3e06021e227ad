import type { Member } from './balancer.ts'
import type { Window } from './calendar.ts'
import type { FleetCost } from './cost.ts'
import type { Server } from './fleet.ts'
import type { Outlook } from './forecast.ts'
import type { MetricName, Reading, Sample } from './metrics.ts'
import type { Order } from './order.ts'
import type { FleetSpec } from './policy.ts'
import type { IntentRecord, Verdict } from './step.ts'
import type { Millis } from './time.ts'

/** launching -> starting -> checking -> serving -> draining -> retiring; any -> failed.
 *  serving = admitted in every pool of its fleet. */
export type ServerState =
  | 'launching'
  | 'starting'
  | 'checking'
  | 'serving'
  | 'draining'
  | 'retiring'
  | 'failed'

/** A server with what every pool of its fleet says of it. */
export interface ServerView extends Server {
  readonly state: ServerState
  /** By pool name; a pool where it is no member is absent. */
  readonly members: Readonly<Record<string, Member>>
  /** Requests in flight and open connections, summed over pools; null = a balancer does not tell. */
  readonly inFlight: number | null
  readonly connections: number | null
  /** Since when it drains (the drain intent's time); null when it does not. */
  readonly drainingSince: Millis | null
  /** An operator has ordered it out. */
  readonly ordered: 'drain' | null
}

/** What the policies wanted of servers that carry, before any guard. */
export interface Want {
  readonly at: Millis
  readonly want: number
  /** How many servers were missing then; left out: none. */
  readonly missing?: number
}

/** What decisions may look back on. Bounded rings, oldest first. */
export interface Past {
  readonly samples: Readonly<Record<MetricName, readonly Sample[]>>
  readonly wants: readonly Want[]
  /** While an event with a multiplier is open: what was wanted when it opened. */
  readonly beforeEvents?: number
  /** Policies whose last servers did not help. */
  readonly ineffective?: readonly Ineffective[]
}

/** Servers that a policy asked for and that did not better its metric: it launches no more until `untilAt`. */
export interface Ineffective {
  readonly policy: string
  /** The change that brought them. */
  readonly changeAt: Millis
  /** How many there were then. */
  readonly servers: number
  readonly untilAt: Millis
  /** One sentence with the figures. */
  readonly says: string
}

/** A change of the number of servers that was intended, from stored intents; newest last. */
export interface Change {
  readonly at: Millis
  readonly from: number
  readonly to: number
  /** The policy, order or guard that asked for it. */
  readonly by: string
}

/** Launches that did not come to serve, and until when the next one waits. */
export interface Backoff {
  readonly failures: number
  readonly untilAt: Millis
  readonly why: string
}

/** Everything that a decision may depend on, read once and frozen. */
export interface View {
  readonly fleet: FleetSpec
  readonly now: Millis
  readonly servers: readonly ServerView[]
  /** launching + starting + checking + serving, plus launched but not yet listed. Neither draining ones are in it nor lost ones. */
  readonly have: number
  /** Servers that served and are unhealthy now, by id: capacity that is missing, though they keep their places within max. */
  readonly lost: readonly string[]
  /** How many of the lost `have` leaves out: none while a replacement makes up for them. */
  readonly missing: number
  /** So many more max has a place for. */
  readonly room: number
  /** Why a balancer of its pools is not as configured, so that perhaps none can join; null = all are. */
  readonly trouble: string | null
  /** Draining servers that could serve again without a launch, those with most requests first. */
  readonly resumable: readonly string[]
  readonly readings: Readonly<Record<MetricName, Reading>>
  /** Requests a second that one server can surely carry: what the file says, else the least that was learned; null = not known. */
  readonly capacityRps: number | null
  readonly past: Past
  /** The newest that is known of the time ahead, of each metric that a policy wants to know it of; absent before the first. */
  readonly outlooks: Readonly<Partial<Record<MetricName, Outlook>>>
  /** Of policies that go by the calendar: windows that are open, and the next ones to come; those that begin earlier first. */
  readonly calendar: readonly Window[]
  readonly changes: readonly Change[]
  readonly backoff: Backoff | null
  /** Open intents and what the world says of each. */
  readonly verdicts: readonly Verdict[]
  readonly intents: readonly IntentRecord[]
  /** Operator commands in force. */
  readonly orders: readonly Order[]
  /** Scale-in is held until then because the wall clock jumped; 0 = never. */
  readonly clockHoldUntilAt: Millis
  /** null = no price is known, and there is no budget. */
  readonly cost: FleetCost | null
  /** Ports that could not be read this tick, and why; a view with any is blind: nothing changes. */
  readonly blind: readonly string[]
}

/** The value of an expression and of each of its parts, for `explain`. */
export interface Trace {
  readonly text: string
  /** null = no data. */
  readonly value: number | boolean | null
  readonly parts: readonly Trace[]
}

/** What a policy had to say this tick, also when it abstained. */
export interface Opinion {
  readonly policy: string
  /** null = abstains. */
  readonly want: number | null
  readonly why: string
  readonly trace: Trace | null
}

/** Pure. `opine` looks at nothing but the view. */
export interface ScalingPolicy {
  readonly name: string
  readonly metrics: readonly MetricName[]
  /** How far back it looks at samples. */
  readonly lookBackMs: Millis
  /** The metric whose outlook it reads. */
  readonly looksAhead?: MetricName
  /** It reads that outlook's forecast too. */
  readonly forecasts?: true
  opine(view: View): Opinion
}

/** Why the number is what it is, in the order in which it came about. */
export interface Reason {
  /** `policy:NAME`, `guard:NAME`, `order:KIND` or `none`. */
  readonly by: string
  readonly from: number
  readonly to: number
  /** One sentence. */
  readonly says: string
  /** When it ends by itself; null = it does not. */
  readonly untilAt: Millis | null
}

export interface Decision {
  readonly have: number
  readonly want: number
  readonly because: readonly Reason[]
  readonly opinions: readonly Opinion[]
  /** What the policies wanted together, before any guard; null when all abstained. Kept in `past.wants`. */
  readonly raw: number | null
  /** What the change costs an hour, at the mean price of a server; negative = it saves so much. Left out: there is none, or no price. */
  readonly costPerHour?: number
  /** For `past.beforeEvents`. */
  readonly beforeEvents?: number
  /** For `past.ineffective`. */
  readonly ineffective?: readonly Ineffective[]
}

/** May bound, soften or hold; always says why. */
export interface Guard {
  readonly name: string
  check(decision: Decision, view: View, policies: readonly ScalingPolicy[]): Decision
}
