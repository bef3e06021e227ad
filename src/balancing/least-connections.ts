import type { Rng } from '../core/time.ts'
import { draw } from './draw.ts'
import { eligible, type Field, type Picker, score } from './field.ts'
import { roundRobin } from './round-robin.ts'

/** Up to this many members are all compared. */
const SCANNED = 32
/** Above it, the best of so many random ones: nearly as good, and its cost does not grow. */
const DRAWN = 8

/** The lowest (in-flight + 1) / weight. Ties go round. While nobody has anything to do the heaviest would get every request, so
 *  then members take turns by weight, as nginx's least_conn has it. */
export function leastConnections(rng: Rng): Picker {
  const turns = roundRobin(rng)
  let start = -1
  return {
    pick(field: Field, tried: ReadonlySet<number> | null): number {
      if (field.size > SCANNED) return bestDrawn(field, tried, rng)
      if (isIdle(field, tried)) return turns.pick(field, tried, 0)
      if (start < 0) start = Math.floor(rng() * field.size)
      const picked = bestFrom(field, tried, start)
      if (picked >= 0) start = picked + 1
      return picked
    },
  }
}

function isIdle(field: Field, tried: ReadonlySet<number> | null): boolean {
  for (let i = 0; i < field.size; i++) if (eligible(field, tried, i) && field.inFlight(i) > 0) return false
  return true
}

/** The best of all members, looked at in a circle from `start`: of equals the first one wins. */
function bestFrom(field: Field, tried: ReadonlySet<number> | null, start: number): number {
  let best = -1
  let bestScore = Number.POSITIVE_INFINITY
  for (let step = 0; step < field.size; step++) {
    const i = (start + step) % field.size
    if (!eligible(field, tried, i)) continue
    const its = score(field, i)
    if (its < bestScore) {
      best = i
      bestScore = its
    }
  }
  return best
}

function bestDrawn(field: Field, tried: ReadonlySet<number> | null, rng: Rng): number {
  let best = draw(field, tried, rng, -1)
  for (let drawn = 1; drawn < DRAWN && best >= 0; drawn++) {
    const other = draw(field, tried, rng, best)
    if (other < 0) break
    if (score(field, other) < score(field, best)) best = other
  }
  return best
}
