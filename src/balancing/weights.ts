/** A member as weights are made from it. */
export interface Candidate {
  /** As configured, 0 to 1000; 0 = draining. */
  readonly weight: number
  readonly state: 'checking' | 'healthy' | 'unhealthy' | 'ejected'
  /** The share of its weight that slow start grants: above 0, at most 1. */
  readonly ramp: number
}

export interface EffectiveWeights {
  /** Integers from 0 to 1000, in the candidates' order. */
  readonly weights: readonly number[]
  /** What a configured weight of 1 is in `weights`. */
  readonly unit: number
  /** So few are healthy that all that serve are used. */
  readonly panic: boolean
}

const MAX = 1000

/**
 * The weights in force. Integers, because round robin is exact on them; in units as small as fit, so that a slow start has steps.
 * Serving = admitted and not draining. When the healthy share of those falls below `panicRatio`, the checks are more likely wrong
 * than the servers, or the healthy rest would drown: all of them are used. Members still checking are not.
 */
export function effectiveWeights(candidates: readonly Candidate[], panicRatio: number): EffectiveWeights {
  let serving = 0
  let healthy = 0
  let largest = 1
  for (const candidate of candidates) {
    if (!isServing(candidate)) continue
    serving++
    if (candidate.state === 'healthy') healthy++
    largest = Math.max(largest, candidate.weight)
  }
  const panic = serving > 0 && healthy < serving * panicRatio
  const unit = Math.max(1, Math.floor(MAX / largest))
  const weights = candidates.map((candidate) => {
    const used = isServing(candidate) && (panic || candidate.state === 'healthy')
    return used ? Math.max(1, Math.round(candidate.weight * unit * candidate.ramp)) : 0
  })
  return { weights, unit, panic }
}

function isServing(candidate: Candidate): boolean {
  return candidate.weight > 0 && candidate.state !== 'checking'
}
