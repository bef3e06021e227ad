import type { Balancer, Spreader } from '../core/balancer.ts'
import type { Calendar } from '../core/calendar.ts'
import type { GatewayStats } from '../core/control.ts'
import type { Fleet } from '../core/fleet.ts'
import type { Forecaster } from '../core/forecast.ts'
import type { History } from '../core/history.ts'
import type { MetricSource } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { ScalingPolicy } from '../core/scaling.ts'
import type { Store } from '../core/store.ts'
import type { Clock, Logger, Millis, Rng } from '../core/time.ts'
import type { Tuner } from '../core/tuning.ts'
import type { ShadowSettings } from './shadow.ts'
import type { Turns } from './turns.ts'

/** Everything that a fleet's loop may touch. */
export interface FleetPorts {
  readonly fleet: Fleet
  /** Of all its pools, whoever has them. */
  readonly balancer: Spreader
  /** Why the balancer that has this pool is not as configured; null = it is. */
  readonly trouble: (pool: string) => string | null
  /** Who measures, by the word in `MetricInfo.from`; null where nobody does. */
  readonly metrics: (from: string) => MetricSource | null
  readonly calendar: Calendar
  readonly store: Store
  readonly history: Pick<History, 'append' | 'read'>
  readonly forecaster: Forecaster
  readonly tuner: Tuner
  /** The same for all fleets. */
  readonly turns: Turns
  readonly clock: Clock
  readonly rng: Rng
  readonly log: Logger
}

/** Everything that a balancer's loop may touch. */
export type BalancerPorts = Pick<FleetPorts, 'store' | 'clock' | 'log'> & {
  readonly balancer: Balancer
  /** What it has counted, by which canaries are judged; absent of a balancer that carries none. */
  readonly stats?: (windowMs: Millis, signal: AbortSignal) => Promise<GatewayStats>
}

/** What a fleet's loop works by; a reload replaces it whole. */
export interface FleetSettings {
  readonly fleet: FleetSpec
  /** Compiled from `fleet.policies`. */
  readonly policies: readonly ScalingPolicy[]
  /** Names of the balancers that have its pools: what operators order of them concerns its servers. */
  readonly balancers: readonly string[]
  readonly installation: string
  readonly tickMs: Millis
  /** Another configuration of this fleet, which decides and is not acted on; null = none. */
  readonly shadow: ShadowSettings | null
}
