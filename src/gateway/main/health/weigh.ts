import { MOST_FACTOR } from '../../../balancing/bias.ts'
import { slowStart } from '../../../balancing/slow-start.ts'
import { effectiveWeights } from '../../../balancing/weights.ts'
import type { Millis } from '../../../core/time.ts'
import type { Weights } from '../../weights.ts'
import type { Roster } from '../members/roster.ts'
import { admittance } from '../members/vitals.ts'
import type { Biases } from './biases.ts'

/** Works out every pool's effective weights and publishes them if any has changed. */
export function publishWeights(
  roster: Roster,
  weights: Weights,
  biases: ReadonlyMap<string, Biases>,
  now: Millis,
): { panic: ReadonlySet<string>; ramping: boolean } {
  const panic = new Set<string>()
  let ramping = false
  let changed = false
  for (const pool of roster.spec?.pools ?? []) {
    const entries = [...(roster.pools.get(pool.name)?.values() ?? [])]
    const bias = biases.get(pool.name)
    // A weight has a largest value: room for those that get more than their own.
    const unbiased = bias ? 1 / MOST_FACTOR : 1
    const ramps = entries.map(({ vitals }) => slowStart(now - vitals.admittedAt, pool.slowStartMs))
    const candidates = entries.map((entry, i) => ({
      weight: entry.member.weight,
      state: admittance(entry.vitals, now),
      ramp: ramps[i]! * unbiased * (bias?.factor(entry.vitals.memberSlot) ?? 1),
    }))
    ramping ||= ramps.some((ramp) => ramp < 1)
    const result = effectiveWeights(candidates, roster.spec!.panicRatio)
    if (result.panic) panic.add(pool.name)
    entries.forEach(({ vitals }, i) => {
      vitals.weight = result.weights[i]!
      vitals.weightUnit = result.unit * unbiased
      const byPanic = vitals.weight > 0 && candidates[i]!.state !== 'healthy'
      if (weights.set(vitals.memberSlot, vitals.weight, byPanic)) changed = true
    })
  }
  if (changed) weights.publish()
  return { panic, ramping }
}
