/** Less than any share of a server that matters, more than the error of floating-point arithmetic: 35 * 0.2 is 7, not 8. */
const EPSILON = 1e-9

export function roundUp(value: number): number {
  return Math.ceil(value - EPSILON)
}

export function roundDown(value: number): number {
  return Math.floor(value + EPSILON)
}

export function atMost(value: number, limit: number): boolean {
  return value <= limit + EPSILON
}
