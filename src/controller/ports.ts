import type { Balancer } from '../core/balancer.ts'
import type { Calendar } from '../core/calendar.ts'
import type { Fleet } from '../core/fleet.ts'
import type { History } from '../core/history.ts'
import type { MetricSource } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { ScalingPolicy } from '../core/scaling.ts'
import type { Store } from '../core/store.ts'
import type { Clock, Logger, Millis, Rng } from '../core/time.ts'

/** Everything that a fleet's loop may touch. */
export interface FleetPorts {
  readonly fleet: Fleet
  readonly balancer: Balancer
  /** Who measures, by the word in `MetricInfo.from`; null where nobody does. */
  readonly metrics: (from: string) => MetricSource | null
  readonly calendar: Calendar
  readonly store: Store
  readonly history: Pick<History, 'append'>
  readonly clock: Clock
  readonly rng: Rng
  readonly log: Logger
}

/** Everything that a balancer's loop may touch. */
export type BalancerPorts = Pick<FleetPorts, 'balancer' | 'store' | 'clock' | 'log'>

/** What a fleet's loop works by; a reload replaces it whole. */
export interface FleetSettings {
  readonly fleet: FleetSpec
  /** Compiled from `fleet.policies`. */
  readonly policies: readonly ScalingPolicy[]
  /** Name of the balancer that has the fleet's pools. */
  readonly balancer: string
  readonly installation: string
  readonly tickMs: Millis
}
