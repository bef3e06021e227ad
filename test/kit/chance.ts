import type { Millis } from '../../src/core/time.ts'
import { rngOf } from '../../src/simulator/chance.ts'

/** Draws that a seed repeats. */
export interface Chance {
  /** Uniform in [0, 1). */
  draw(): number
  /** A whole number, both ends included. */
  whole(from: number, to: number): number
  /** An instant or duration. */
  between(from: Millis, to: Millis): Millis
  oneOf<T>(all: readonly T[]): T
}

export function chanceOf(seed: number): Chance {
  const draw = rngOf(seed)
  const whole = (from: number, to: number) => from + Math.floor(draw() * (to - from + 1))
  return { draw, whole, between: whole, oneOf: (all) => all[whole(0, all.length - 1)]! }
}
