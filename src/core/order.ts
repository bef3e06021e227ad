import type { CanaryAction } from './canary.ts'
import type { Millis } from './time.ts'
import type { TuningAction } from './tuning.ts'

/** An operator's command, as data. `decide` reads pause, pin and stop; `plan` reads drain, replace, pause and stop. */
export type OrderBody =
  | { readonly kind: 'pause'; readonly direction: 'in' | 'out' | 'both' }
  /** Want exactly this, inside min and max, until `untilAt`. */
  | { readonly kind: 'pin'; readonly desired: number }
  /** Take this server out of every pool until `ready`. */
  | { readonly kind: 'drain'; readonly server: string }
  /** Put a new server in the place of each that was launched before the order, one batch after another. */
  | { readonly kind: 'replace' }
  /** Want 0, whatever min says; for `down` and Ctrl-C. */
  | { readonly kind: 'stop' }
  /** The weight of one member in one pool; 0 = drain without retirement. Scope is the pool's balancer. */
  | { readonly kind: 'weight'; readonly pool: string; readonly member: string; readonly weight: number }
  /** Of a canary, once: done as soon as the loop has seen it. Scope is its balancer. */
  | { readonly kind: 'canary'; readonly canary: string; readonly action: CanaryAction }
  /** Of a fleet's tuning, once likewise. */
  | { readonly kind: 'tuning'; readonly action: TuningAction }

export type Order = OrderBody & {
  readonly id: number
  /** `fleet:NAME` or `balancer:NAME`. */
  readonly scope: string
  readonly at: Millis
  /** null = until it is taken back. */
  readonly untilAt: Millis | null
  /** Who gave it, for the journal. */
  readonly by: string
}
