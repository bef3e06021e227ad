import type { Guard } from '../../core/scaling.ts'
import { freshValue } from '../fresh.ts'
import { adjust } from './adjust.ts'

/** Nothing shrinks on missing, stale or unreachable data: all metrics of all policies must be there, for a policy that
 *  abstains for want of data cannot object. A fleet without requests has no latencies, and may shrink all the same. */
export const freshness: Guard = {
  name: 'freshness',
  check(decision, view, policies) {
    if (decision.want >= decision.have) return decision
    const metrics = new Set(policies.flatMap((policy) => policy.metrics))
    const missing = [...metrics]
      .map((metric) => freshValue(view, metric))
      .flatMap((reading) => (reading.ok || reading.idle ? [] : [reading.why]))
    if (missing.length === 0) return decision
    const says = `no scale-in without data: ${missing.join(', ')}`
    return adjust(decision, decision.have, { by: 'guard:freshness', says, untilAt: null })
  },
}
