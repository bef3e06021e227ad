import type { Rng } from '../core/time.ts'
import { draw } from './draw.ts'
import { eligible, type Field, type Picker, score } from './field.ts'

/** Up to this many members are all compared. */
const SCANNED = 32
/** Above it, the best of so many random ones: nearly as good, and its cost does not grow. */
const DRAWN = 8

/** The lowest (in-flight + 1) / weight. Ties go round, so that idle members share. */
export function leastConnections(rng: Rng): Picker {
  let start = -1
  return {
    pick(field: Field, tried: ReadonlySet<number> | null): number {
      if (field.size > SCANNED) return bestDrawn(field, tried, rng)
      if (start < 0) start = Math.floor(rng() * field.size)
      const picked = bestFrom(field, tried, start)
      if (picked >= 0) start = picked + 1
      return picked
    },
  }
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
