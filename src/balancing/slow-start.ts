import type { Millis } from '../core/time.ts'

const FLOOR = 0.1

/** The share of its weight that a member gets so long after its admission: 10 % at first, then linear (Envoy, aggression 1). */
export function slowStart(sinceMs: Millis, slowStartMs: Millis): number {
  if (sinceMs >= slowStartMs) return 1
  return Math.max(FLOOR, sinceMs / slowStartMs)
}
