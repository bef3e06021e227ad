import type { Rng } from '../core/time.ts'
import { eligible, type Field } from './field.ts'

const TRIES = 8

/** A uniformly random eligible member other than `not`; -1 = there is none. Counts all members only when luck fails. */
export function draw(field: Field, tried: ReadonlySet<number> | null, rng: Rng, not: number): number {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const i = Math.floor(rng() * field.size)
    if (i !== not && i < field.size && eligible(field, tried, i)) return i
  }
  return drawCounted(field, tried, rng, not)
}

function drawCounted(field: Field, tried: ReadonlySet<number> | null, rng: Rng, not: number): number {
  let count = 0
  for (let i = 0; i < field.size; i++) if (i !== not && eligible(field, tried, i)) count++
  let left = Math.floor(rng() * count)
  for (let i = 0; i < field.size; i++) {
    if (i !== not && eligible(field, tried, i) && left-- === 0) return i
  }
  return -1
}
