import { slowStart } from '../../balancing/slow-start.ts'
import { effectiveWeights } from '../../balancing/weights.ts'
import type { Millis } from '../../core/time.ts'
import type { Weights } from '../lanes.ts'
import type { Roster } from './roster.ts'
import { admittance } from './vitals.ts'

/** Works out every pool's effective weights and publishes them if any has changed. */
export function publishWeights(
  roster: Roster,
  weights: Weights,
  now: Millis,
): { panic: ReadonlySet<string>; ramping: boolean } {
  const panic = new Set<string>()
  let ramping = false
  let changed = false
  for (const pool of roster.spec?.pools ?? []) {
    const entries = [...(roster.pools.get(pool.name)?.values() ?? [])]
    const candidates = entries.map((entry) => ({
      weight: entry.member.weight,
      state: admittance(entry.vitals, now),
      ramp: slowStart(now - entry.vitals.admittedAt, pool.slowStartMs),
    }))
    ramping ||= candidates.some((candidate) => candidate.ramp < 1)
    const result = effectiveWeights(candidates, roster.spec!.panicRatio)
    if (result.panic) panic.add(pool.name)
    entries.forEach(({ vitals }, i) => {
      vitals.weight = result.weights[i]!
      vitals.weightUnit = result.unit
      if (weights.get(vitals.memberSlot) === vitals.weight) return
      weights.set(vitals.memberSlot, vitals.weight)
      changed = true
    })
  }
  if (changed) weights.publish()
  return { panic, ramping }
}
