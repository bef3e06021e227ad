/** Least squares with a penalty on large coefficients: rows are summed up as they come, so any number of them takes the same room. */
export class Ridge {
  readonly #size: number
  readonly #gram: Float64Array
  readonly #target: Float64Array

  constructor(size: number, penalty: number) {
    this.#size = size
    this.#gram = new Float64Array(size * size)
    this.#target = new Float64Array(size)
    for (let index = 0; index < size; index++) this.#gram[index * size + index] = penalty
  }

  add(row: Float64Array, target: number): void {
    const size = this.#size
    for (let a = 0; a < size; a++) {
      const value = row[a]!
      if (value === 0) continue
      this.#target[a]! += value * target
      for (let b = 0; b <= a; b++) this.#gram[a * size + b]! += value * row[b]!
    }
  }

  /** By Cholesky; a direction that nothing tells of gets no coefficient. */
  solve(): Float64Array {
    const size = this.#size
    const lower = this.#gram.slice()
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = lower[a * size + b]!
        for (let k = 0; k < b; k++) sum -= lower[a * size + k]! * lower[b * size + k]!
        lower[a * size + b] = a === b ? Math.sqrt(Math.max(sum, 1e-12)) : sum / lower[b * size + b]!
      }
    }
    const found = this.#target.slice()
    for (let a = 0; a < size; a++) {
      for (let k = 0; k < a; k++) found[a]! -= lower[a * size + k]! * found[k]!
      found[a]! /= lower[a * size + a]!
    }
    for (let a = size - 1; a >= 0; a--) {
      for (let k = a + 1; k < size; k++) found[a]! -= lower[k * size + a]! * found[k]!
      found[a]! /= lower[a * size + a]!
    }
    return found
  }
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}
