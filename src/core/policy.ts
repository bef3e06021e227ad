import type { Schedule, Span } from './calendar.ts'
import type { Json } from './canonical.ts'
import type { CarbonRates, CarbonSpec } from './carbon.ts'
import type { Carried } from './carried.ts'
import { type BudgetSpec, NO_PRICE, type PriceSpec, type Watts } from './cost.ts'
import type { CustomMetrics } from './metrics.ts'
import type { Millis } from './time.ts'
import type { Tuned, TuningSpec } from './tuning-spec.ts'

/** A piece of the configuration file, with where it stands, for problems and explanations. */
export interface SourceText {
  readonly text: string
  readonly file: string
  /** From 1; of the first character of `text`. */
  readonly line: number
  readonly column: number
}

/** Keeps `metric` at `value`: want = ceil(load / value), outside a tolerance of 10 %. */
export interface TargetPolicySpec extends Carried {
  readonly type: 'target'
  readonly name: string
}

/** Has servers for what the same time brought a day, two days and a week ago, of a load of which each carries `value`. */
export interface SeasonalPolicySpec extends Carried {
  readonly type: 'seasonal'
  readonly name: string
}

/** Has servers for what the load will not pass in 95 of 100 cases until one that is launched now serves. */
export interface ForecastPolicySpec extends Omit<SeasonalPolicySpec, 'type'> {
  readonly type: 'forecast'
}

/** `add` and `remove` take servers or a ratio (add rounds up, remove down, both at least 1); `set` takes servers. */
export type StepChange =
  | { readonly kind: 'add' | 'remove'; readonly servers: number }
  | { readonly kind: 'add' | 'remove'; readonly ratio: number }
  | { readonly kind: 'set'; readonly servers: number }

/** When an expression of the rule language has been true for `forMs`, in every sample, change the number of servers. */
export interface StepPolicySpec {
  readonly type: 'step'
  readonly name: string
  readonly when: SourceText
  readonly forMs: Millis
  readonly change: StepChange
}

/** While a window of the schedule is open, the fleet has no fewer servers than `min` and no more than `max`. At least one of them. */
export interface SchedulePolicySpec {
  readonly type: 'schedule'
  readonly name: string
  readonly schedule: Schedule
  /** null = as the fleet's. */
  readonly min: number | null
  readonly max: number | null
}

/** Something that people know of in advance. At least one of `multiplier` and `min`. */
export interface CalendarEvent extends Span {
  readonly name: string
  /** So many times the usual load is expected, above 1; null = nothing is known. */
  readonly multiplier: number | null
  /** No fewer servers; null = as the fleet's. */
  readonly min: number | null
}

/** Has servers ready for events, from `leadMs` before each until its end. */
export interface CalendarPolicySpec {
  readonly type: 'calendar'
  readonly name: string
  readonly leadMs: Millis
  /** Whose clocks people mean; the times of its events are instants. */
  readonly timezone: string
  readonly events: readonly CalendarEvent[]
}

export type PolicySpec =
  | TargetPolicySpec
  | SeasonalPolicySpec
  | ForecastPolicySpec
  | StepPolicySpec
  | SchedulePolicySpec
  | CalendarPolicySpec

/** So many servers, or such a share of those that there were, within a time. */
export type Pace = { readonly perMs: Millis } & ({ readonly servers: number } | { readonly ratio: number })

/** How quickly a fleet may change its mind. */
export interface GuardSpec {
  /** Stabilization: out takes the lowest want of this window, in the highest. 0 = none. */
  readonly outPatienceMs: Millis
  readonly inPatienceMs: Millis
  /** Time after a change in a direction before the next in that direction. */
  readonly outCooldownMs: Millis
  readonly inCooldownMs: Millis
  /** Rate limits; of several the one that allows most counts. Empty = none. */
  readonly outPace: readonly Pace[]
  readonly inPace: readonly Pace[]
  /** After so many reversals within `perMs` nothing scales in; null = any number. */
  readonly flapBudget: { readonly reversals: number; readonly perMs: Millis } | null
  /** Servers that have served for `afterMs` and did not help: no more for `holdMs`; null = on and on. */
  readonly effect: { readonly afterMs: Millis; readonly holdMs: Millis } | null
  /** A sample older than this is stale; nothing scales in on it. */
  readonly freshMs: Millis
}

/** How servers give way to new ones. */
export interface ReplaceSpec {
  /** So many more than are wanted while a replacement goes on; 0 = an old one leaves first. */
  readonly surge: number
  /** One that served and has been unhealthy for so long is replaced; null = never. */
  readonly unhealthyMs: Millis | null
}

/** A fleet as the configuration file has it, whole. */
export interface FleetSpec {
  readonly name: string
  readonly driver: string
  /** The driver's own part, validated by it; with the placeholders of secrets, not their values. */
  readonly config: unknown
  /** What to launch, JSON, with placeholders as well; and its hash, which changes when a secret does. */
  readonly template: Json
  readonly revision: string
  readonly min: number
  readonly max: number
  /** So many more than are wanted are kept, as far as max allows. */
  readonly reserve: number
  /** Pools that it feeds, and the balancer that has them. */
  readonly pools: readonly string[]
  /** Weight of its members. */
  readonly weight: number
  /** From launch to serving; longer is failed. */
  readonly startupMs: Millis
  /** What a launch usually takes until it serves, as the file has it; null = as learned. */
  readonly usualStartupMs: Millis | null
  /** Requests a second that a server carries, as the file has it; null = as learned. */
  readonly capacityRps: number | null
  /** null = wait until the last request ends. */
  readonly drainMs: Millis | null
  readonly replace: ReplaceSpec
  /** Metrics of the file that its policies may name beside our own. */
  readonly metrics: CustomMetrics
  readonly policies: readonly PolicySpec[]
  readonly guards: GuardSpec
  /** Left out: only what its driver knows of prices. */
  readonly price?: PriceSpec
  /** Left out: it may cost what it wants. */
  readonly budget?: BudgetSpec
  /** Left out: as reckoned by the types of its servers, where those tell. */
  readonly watts?: Watts
  /** Left out: its carbon is not counted. */
  readonly carbon?: CarbonSpec
  /** Left out: its settings are not tuned. */
  readonly tuning?: TuningSpec
  /** Of a fleet that runs: whatever of the above does not have the file's value. Left out: nothing. */
  readonly tuned?: readonly Tuned[]
}

/** null = its carbon is not counted. */
export function carbonRates({ carbon, watts, price = NO_PRICE }: FleetSpec): CarbonRates | null {
  return carbon === undefined ? null : { carbon, watts: watts ?? null, timezone: price.timezone }
}
