import type { OrderBody } from '../../src/core/order.ts'
import type { FleetSpec, GuardSpec } from '../../src/core/policy.ts'
import type { Millis } from '../../src/core/time.ts'
import type { SimFleetNature } from '../../src/simulator/sim-fleet.ts'

/** What befalls one fleet: all of it follows from the seed. Times count from the beginning. */
export interface Story {
  readonly seed: number
  readonly tickMs: Millis
  /** Everything that goes wrong does so before this; a quiet time follows. */
  readonly troubleMs: Millis
  readonly config: Config
  readonly nature: Partial<SimFleetNature>
  /** So many servers that leave are kept, stopped. */
  readonly keeps: number
  readonly requestMs: Millis
  /** Requests in flight, from each of these times on. */
  readonly load: readonly Level[]
  readonly before: Before
  readonly troubles: readonly Trouble[]
  readonly kills: readonly Kill[]
  readonly reloads: readonly Reload[]
  readonly orders: readonly Ordered[]
}

/** Earlier days as the history has them, up to now. */
export interface Before {
  readonly days: number
  /** Requests in flight, as a mean of every day. */
  readonly load: number
  /** Some steps were not measured. */
  readonly gaps: boolean
}

/** Of the fleet's specification what a story has an opinion on. */
export type Config = Partial<Omit<FleetSpec, 'guards'>> & { readonly guards?: Partial<GuardSpec> }

export interface Level {
  readonly fromMs: Millis
  readonly load: number
}

/** The controller is killed so many writes after `fromMs`, and started anew, by a clock that says something else then. */
export interface Kill {
  readonly fromMs: Millis
  readonly boundaries: number
  readonly restartMs: Millis
  readonly jumpMs: Millis
}

/** The file says something else from then on. */
export interface Reload {
  readonly fromMs: Millis
  readonly config: Config
}

/** Where an order names a server, the oldest that runs is meant. */
export interface Ordered {
  readonly fromMs: Millis
  readonly forMs: Millis
  readonly body:
    | Exclude<OrderBody, { kind: 'drain' | 'weight' }>
    | { readonly kind: 'drain' }
    | { readonly kind: 'weight' }
}

export type Read = 'list' | 'members' | 'orders'
export type Write = 'launch' | 'put' | 'confirm' | 'drop' | 'retire' | 'park'
export type Journal = 'intend' | 'commit'

/** What goes wrong from `fromMs` to `untilMs`; what happens in an instant happens at the first of them. */
export type Trouble = { readonly fromMs: Millis; readonly untilMs: Millis } & (
  | { readonly kind: 'read'; readonly verb: Read; readonly how: 'refuse' | 'hang' }
  | { readonly kind: 'journal'; readonly verb: Journal }
  /** refuse: nothing is done. lost: it is done, and nobody hears of it. gone: it is not, and nobody hears. slow: done after a while. late:
   *  answered after a while. */
  | {
      readonly kind: 'write'
      readonly verb: Write
      readonly how: 'refuse' | 'lost' | 'gone' | 'slow' | 'late'
      readonly delayMs: Millis
    }
  /** null = all of them. */
  | {
      readonly kind: 'metric'
      readonly metric: string | null
      readonly how: 'missing' | 'stale' | 'unreachable' | 'hang' | 'nonsense'
    }
  | { readonly kind: 'history'; readonly how: 'refuse' | 'hang' }
  | { readonly kind: 'forecast'; readonly how: 'refuse' | 'hang' | 'nothing' | 'nonsense' | 'huge' }
  /** A balancer is not as configured, so it says. */
  | { readonly kind: 'unconfigured' }
  /** A launch gives no more than this. */
  | { readonly kind: 'few'; readonly count: number }
  /** Servers that are launched meanwhile are of another kind. */
  | { readonly kind: 'starts'; readonly nature: Partial<SimFleetNature> }
  /** Such a share of the servers answers no check. */
  | { readonly kind: 'ill'; readonly share: number }
  /** Such a share of the servers ends by itself. */
  | { readonly kind: 'crash'; readonly share: number }
  /** A server's vendor says that it will take it away, and does so in the end. */
  | { readonly kind: 'notice' }
  /** The balancer starts anew, empty. */
  | { readonly kind: 'forget' }
  /** The clock is set: the next controller goes by it. */
  | { readonly kind: 'jump'; readonly ms: Millis }
)
