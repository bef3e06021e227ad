import type { Millis } from '../../src/core/time.ts'

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

/** By mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c. */
export function chanceOf(seed: number): Chance {
  let state = seed
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (from: number, to: number) => from + Math.floor(draw() * (to - from + 1))
  return { draw, whole, between: whole, oneOf: (all) => all[whole(0, all.length - 1)]! }
}
