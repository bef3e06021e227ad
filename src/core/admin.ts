import type { Alert } from './alerts.ts'
import type { AuditRecord, Standing } from './audit.ts'
import type { Bind, Member, Purchase } from './balancer.ts'
import type { Purge, PurgeResult } from './cache.ts'
import type { Window } from './calendar.ts'
import type { CanaryAction, CanaryStatus } from './canary.ts'
import type { GatewayStats } from './control.ts'
import type { CostReport, CostStatus } from './cost.ts'
import type { Ending } from './fleet.ts'
import type { Learned } from './learned.ts'
import type { CustomMetrics, MetricName } from './metrics.ts'
import type { Order } from './order.ts'
import type { Other } from './others.ts'
import type { Replacement } from './replacement.ts'
import type { Backoff, Decision, Opinion, ServerState } from './scaling.ts'
import type { ShadowAbout, ShadowStatus } from './shadow.ts'
import type { Step } from './step.ts'
import type { DecisionRecord, Event } from './store.ts'
import type { Millis } from './time.ts'
import type { TuningAction, TuningStatus } from './tuning.ts'

export interface PoolStatus {
  readonly name: string
  readonly algorithm: string
  /** Name of the balancer that has it. */
  readonly balancer: string
  /** null = the balancer does not tell. */
  readonly rps: number | null
  readonly inFlight: number | null
  readonly panic: boolean
  readonly members: readonly Member[]
}

export interface BalancerSummary {
  readonly name: string
  /** Where its listeners are reached, by their names. */
  readonly bound: Readonly<Record<string, Bind>>
  /** Of one that the file orders; else null. */
  readonly purchase: Purchase | null
  /** As in FleetStatus. */
  readonly blind: string | null
  /** What is left of one that the file no longer has, and what to do; null = the file has it. */
  readonly left: string | null
  /** Of its rules, as they are now. */
  readonly canaries: readonly CanaryStatus[]
}

export interface ServerStatus {
  readonly id: string
  readonly address: string | null
  readonly state: ServerState
  readonly revision: string
  readonly launchedAt: Millis
  /** Of a fleet that is spread over several; null = of one that is not. */
  readonly zone: string | null
  /** By the hour; null = not known. */
  readonly price: number | null
  /** null = a balancer of its pools does not tell. */
  readonly inFlight: number | null
  readonly connections: number | null
  /** Why it failed, or why its vendor is about to take it away. */
  readonly detail: string | null
  /** How a failed one ended; null when it has not, or nobody knows. */
  readonly ending: Ending | null
}

/** Servers that ended by themselves since the controller started. */
export interface ExitCount {
  /** `code-3`, `SIGSEGV`, `out-of-memory`, `unknown`; `other` when there are too many. */
  readonly reason: string
  readonly count: number
}

export interface FleetStatus {
  readonly name: string
  readonly min: number
  readonly max: number
  /** What the last decision wants, also while launches wait because those before came to nothing. */
  readonly desired: number
  /** All but retiring and failed. */
  readonly actual: number
  /** Serving. */
  readonly ready: number
  readonly servers: readonly ServerStatus[]
  /** Of the serving so many are the reserve. */
  readonly reserve: number
  /** So many are stopped and kept. */
  readonly kept: number
  readonly exits: readonly ExitCount[]
  readonly readings: DecisionRecord['readings']
  /** Who measures each of them: `balancer`, `fleet` or `source:NAME`. */
  readonly measuredBy: Readonly<Record<MetricName, string>>
  /** Those of the file: units and meanings of readings that are not our own. */
  readonly metrics: CustomMetrics
  readonly orders: readonly Order[]
  /** The rolling replacement that is going on; null = none. */
  readonly replacement: Replacement | null
  /** Of schedules and events: those that are open, and the next ones of each policy; those that begin earlier first. */
  readonly windows: readonly Window[]
  readonly open: readonly {
    readonly token: string
    readonly step: Step
    readonly state: string
    readonly detail: string
  }[]
  /** Why the last tick changed nothing it should have; null when it saw all. */
  readonly blind: string | null
  readonly lastTickAt: Millis
  /** What the last tick decided, and why; null before the first. */
  readonly decision: Decision | null
  /** null before the first tick. */
  readonly cost: CostStatus | null
  /** What other ways to scale would have on the same load; empty before the first tick. */
  readonly others: readonly Other[]
  /** Of the configuration in shadow; null = there is none, or its first tick is yet to come. */
  readonly shadow: ShadowStatus | null
  /** Raised ones. */
  readonly alerts: readonly Alert[]
  /** Launches wait because those before came to nothing; null when they do not. */
  readonly backoff: Backoff | null
  /** What its servers have taught. */
  readonly learned: Learned
  /** null = the file does not have its settings tuned. */
  readonly tuning: TuningStatus | null
}

export interface Plan {
  readonly fleet: string
  readonly decision: Decision
  readonly steps: readonly Step[]
  readonly opinions: readonly Opinion[]
  /** As in FleetStatus. */
  readonly windows: readonly Window[]
  readonly replacement: Replacement | null
  /** Steps that have been begun and are not seen to have landed. */
  readonly open: readonly Step[]
}

/** What the admin API, the CLI and the console may ask. Throws Fault `not-found`. */
export interface Queries {
  pools(): Promise<readonly PoolStatus[]>
  fleets(): Promise<readonly FleetStatus[]>
  /** What a fleet has cost from one instant to another. Throws Fault request.invalid, store.failed too. */
  cost(query: { fleet: string; fromAt: Millis; toAt: Millis }): Promise<CostReport>
  balancers(): Promise<readonly BalancerSummary[]>
  plan(): Promise<readonly Plan[]>
  decisions(query: { fleet: string; limit: number; beforeId?: number }): Promise<readonly DecisionRecord[]>
  events(query: { afterId: number; limit: number }): Promise<readonly Event[]>
  lastEvents(limit: number): Promise<readonly Event[]>
  /** Writes to this API, newest first. */
  audits(query: { limit: number; beforeId?: number }): Promise<readonly AuditRecord[]>
  /** What operators have changed that is in force now. */
  standing(): Promise<Standing>
  /** The configuration that decides beside the active one; null = none does. */
  shadow(): ShadowAbout | null
  /** The gateway's counters; null when it does not answer. */
  stats(): Promise<GatewayStats | null>
  /** Samples that the history could not keep. */
  historyDropped(): number
  /** Why each loop that does not see its world does not; empty when all do. */
  blind(): readonly string[]
  about(): {
    readonly version: string
    readonly installation: string
    readonly stateDir: string
    readonly config: string
    /** Hash of the configuration in force. */
    readonly revision: string
    readonly pid: number
  }
}

/** The weight that one member is to have in one pool. */
export interface Weighing {
  readonly pool: string
  readonly member: string
  /** 0 to 1000; null = the configured one. */
  readonly weight: number | null
  readonly untilAt: Millis | null
}

/** What operators may command; each is written down before it answers. Throws Fault. */
export interface Orders {
  pause(fleet: string, direction: 'in' | 'out' | 'both', by: string): Promise<void>
  resume(fleet: string, by: string): Promise<void>
  pin(fleet: string, desired: number, untilAt: Millis | null, by: string): Promise<void>
  /** A new server in the place of each that there is now. Again, where a replacement has stopped. */
  replace(fleet: string, by: string): Promise<void>
  /** Every pool of its fleet. */
  drainServer(server: string, by: string): Promise<void>
  readyServer(server: string, by: string): Promise<void>
  /** One pool's member. */
  weigh(weighing: Weighing, by: string): Promise<void>
  /** Of a canary, by its name. */
  canary(name: string, action: CanaryAction, by: string): Promise<void>
  /** Fault request.invalid where the file does not have the fleet tuned, or there is nothing to apply. */
  tuning(fleet: string, action: TuningAction, by: string): Promise<void>
  /** Every cache of the gateway forgets it. Not undone by anything. */
  purge(what: Purge, by: string): Promise<PurgeResult>
  /** Loads the configuration anew and gives the lines that warn of it; Fault config.invalid with the problems in its message when it
   *  is bad. */
  reload(by: string): Promise<readonly string[]>
  /** Lets the fleets of this text decide beside the active configuration. Fault config.invalid with its problems, request.invalid when
   *  another runs. */
  startShadow(sent: { readonly file: string; readonly text: string }, by: string): Promise<ShadowAbout>
  /** Fault not-found when none runs. */
  stopShadow(by: string): Promise<void>
  /** Drains and stops every server; `down` waits for `fleets()` to be empty. */
  stop(by: string): Promise<void>
}
