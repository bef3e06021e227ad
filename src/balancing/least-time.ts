import type { Rng } from '../core/time.ts'
import { draw } from './draw.ts'
import type { Field, Picker } from './field.ts'

/** What a member costs that has requests and has never answered: everybody else is better. */
const UNKNOWN_MS = 1e6

/**
 * Of two random members the one whose next answer is likely to come first: latency * (in-flight + 1) / weight, as Finagle's and
 * linkerd's peak EWMA. Never the best of all: what everybody takes for the fastest would get everything until that is no longer true.
 */
export function leastTime(rng: Rng): Picker {
  return {
    pick(field: Field, tried: ReadonlySet<number> | null): number {
      const one = draw(field, tried, rng, -1)
      const other = one < 0 ? -1 : draw(field, tried, rng, one)
      if (other < 0) return one
      return cost(field, one) <= cost(field, other) ? one : other
    },
  }
}

function cost(field: Field, i: number): number {
  const latency = field.latency(i)
  const inFlight = field.inFlight(i)
  if (latency === 0 && inFlight > 0) return (UNKNOWN_MS * inFlight) / field.weight(i)
  // The smallest clock step, so that load decides between two that answer at once.
  return (Math.max(latency, 0.1) * (inFlight + 1)) / field.weight(i)
}
