import { afterProbe, type Health, type HealthRules } from '../../../balancing/health.ts'
import { isEjected, newOutlier, type Outlier, pardon, type Rows } from '../../../balancing/outlier.ts'
import type { MemberState, ProbeNote } from '../../../core/balancer.ts'
import type { Millis } from '../../../core/time.ts'

const PROBES_KEPT = 10

/** What the gateway has found out about a member. Outlives every change of configuration. */
export interface Vitals {
  readonly serverSlot: number
  readonly memberSlot: number
  health: Health
  outlier: Outlier
  /** When its slow start began; 0 = it has none. */
  admittedAt: Millis
  state: MemberState
  sinceAt: Millis
  probes: readonly ProbeNote[]
  /** Units of the shared block, and what a configured weight of 1 is there. */
  weight: number
  weightUnit: number
}

export function newVitals(
  slots: { serverSlot: number; memberSlot: number },
  about: { health: Health; rows: Rows; now: Millis },
): Vitals {
  return {
    ...slots,
    health: about.health,
    outlier: newOutlier(about.rows),
    admittedAt: 0,
    state: about.health.state,
    sinceAt: about.now,
    probes: [],
    weight: 0,
    weightUnit: 1,
  }
}

export function stateOf(vitals: Vitals, weight: number, now: Millis): MemberState {
  return weight === 0 ? 'draining' : admittance(vitals, now)
}

/** Its state, whatever its weight. */
export function admittance(vitals: Vitals, now: Millis): 'checking' | 'healthy' | 'unhealthy' | 'ejected' {
  const { health, outlier } = vitals
  return health.state === 'healthy' && isEjected(outlier, now) ? 'ejected' : health.state
}

/** Keeps a probe's result. A member that comes to serve, for the first time or again, starts slowly. */
export function noteProbe(vitals: Vitals, rules: HealthRules, note: ProbeNote, rows: Rows): void {
  const before = vitals.health.state
  vitals.probes = [...vitals.probes.slice(1 - PROBES_KEPT), note]
  vitals.health = afterProbe(vitals.health, rules, note.ok)
  if (vitals.health.state === 'healthy' && before !== 'healthy') vitals.admittedAt = note.at
  if (note.ok) vitals.outlier = pardon(vitals.outlier, rows, note.at)
}
