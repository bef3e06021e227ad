import type { Millis, Rng } from '../../src/core/time.ts'
import type { ServerShape } from '../../src/scaling/erlang.ts'

export interface Waited {
  readonly requests: number
  readonly late: number
  readonly dropped: number
}

interface Crowd {
  readonly servers: number
  readonly shape: ServerShape
  readonly longestWaitMs: Millis
  readonly objectiveMs: Millis
}

/** Every single request: each server is a queue that is served in order by its slots, requests come at random and go to a random server.
 *  `rates` has requests a second for each step. */
export function requestByRequest(
  rates: readonly number[],
  stepMs: Millis,
  { servers, shape, longestWaitMs, objectiveMs }: Crowd,
  rng: Rng,
): Waited {
  const exponential = () => -Math.log(1 - rng())
  const serviceMs = (1000 * shape.slots) / shape.capacity
  const freeAt = Array.from({ length: servers }, () => new Float64Array(shape.slots))
  const waited = { requests: 0, late: 0, dropped: 0 }
  rates.forEach((rate, step) => {
    if (rate <= 0) return
    const meanMs = 1000 / rate
    for (
      let at = step * stepMs + exponential() * meanMs;
      at < (step + 1) * stepMs;
      at += exponential() * meanMs
    ) {
      const slots = freeAt[Math.floor(rng() * servers)]!
      const slot = slots.indexOf(Math.min(...slots))
      const waitMs = Math.max(0, slots[slot]! - at)
      waited.requests++
      if (waitMs > longestWaitMs) waited.dropped++
      else {
        if (waitMs > objectiveMs) waited.late++
        slots[slot] = at + waitMs + exponential() * serviceMs
      }
    }
  })
  return waited
}
