import type { Rng } from '../core/time.ts'
import { draw } from './draw.ts'
import { type Field, type Picker, score } from './field.ts'

/** Power of two choices (Mitzenmacher 2001): two distinct random members, the one of the lower score. */
export function randomTwo(rng: Rng): Picker {
  return {
    pick(field: Field, tried: ReadonlySet<number> | null): number {
      const first = draw(field, tried, rng, -1)
      const second = first < 0 ? -1 : draw(field, tried, rng, first)
      if (second < 0) return first
      return score(field, first) <= score(field, second) ? first : second
    },
  }
}
