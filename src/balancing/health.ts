import type { HealthSpec } from '../core/health.ts'
import type { Millis, Rng } from '../core/time.ts'

/**
 *            one pass                `unhealthy` failures in a row
 *  checking ----------> healthy ------------------------------------> unhealthy
 *                          ^                                              |
 *                          +----------------------------------------------+
 *                                    `healthy` passes in a row
 */
export interface Health {
  readonly state: 'checking' | 'healthy' | 'unhealthy'
  /** False until the first pass since it is known; until then it is probed in quick succession. */
  readonly confirmed: boolean
  /** Probes in a row that contradict `state`; of one that is checking: that have failed. */
  readonly against: number
}

export type HealthRules = Pick<HealthSpec, 'intervalMs' | 'timeoutMs' | 'unhealthy' | 'healthy'>

/** A member that nobody knows: no traffic before it has passed. */
export const UNKNOWN: Health = { state: 'checking', confirmed: false, against: 0 }
/** A member that served before the gateway restarted: it serves while it is probed. */
export const SERVED: Health = { state: 'healthy', confirmed: false, against: 0 }

const QUICK_MS = 250
const QUICK_TIMEOUT_MS = 1000
/** While the traffic says that something is wrong. */
const SUSPECT_MS = 1000
/** Probes of many members and gateways drift apart by this share. */
const JITTER = 0.1

export function afterProbe(health: Health, rules: HealthRules, ok: boolean): Health {
  switch (health.state) {
    case 'checking':
      if (ok) return { state: 'healthy', confirmed: true, against: 0 }
      return { ...health, against: health.against + 1 }
    case 'healthy':
      if (ok) return { state: 'healthy', confirmed: true, against: 0 }
      return turn(health, 'unhealthy', rules.unhealthy)
    case 'unhealthy':
      if (!ok) return { ...health, against: 0 }
      return turn({ ...health, confirmed: true }, 'healthy', rules.healthy)
    default:
      return health.state satisfies never
  }
}

function turn(health: Health, to: 'healthy' | 'unhealthy', threshold: number): Health {
  const against = health.against + 1
  return against < threshold ? { ...health, against } : { ...health, state: to, against: 0 }
}

/** How long after the end of a probe the next one starts. `suspect`: ejected, or its connects fail. */
export function probeDelay(health: Health, rules: HealthRules, suspect: boolean, rng: Rng): Millis {
  if (!health.confirmed && health.state !== 'unhealthy') return QUICK_MS
  const delay = suspect ? Math.min(SUSPECT_MS, rules.intervalMs) : rules.intervalMs
  return delay * (1 - JITTER + 2 * JITTER * rng())
}

export function probeTimeout(health: Health, rules: HealthRules): Millis {
  return health.state === 'checking' ? Math.min(rules.timeoutMs, QUICK_TIMEOUT_MS) : rules.timeoutMs
}
