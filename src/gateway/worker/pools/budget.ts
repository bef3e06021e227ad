const WINDOW_SECONDS = 10

/** `share` of the requests of the last 10 s, at least `least`. */
export interface BudgetSpec {
  readonly share: number
  readonly least: number
}

/** Without it, retries multiply the load of servers that fail because of their load. */
export const RETRIES: BudgetSpec = { share: 0.2, least: 50 }
/** As much as "The Tail at Scale" pays for its hedged requests. */
export const HEDGES: BudgetSpec = { share: 0.05, least: 10 }

/** How many requests may be sent once more. */
export class RetryBudget {
  readonly #spec: BudgetSpec
  readonly #requests = new Float64Array(WINDOW_SECONDS)
  readonly #retries = new Float64Array(WINDOW_SECONDS)
  #second = 0

  constructor(spec: BudgetSpec) {
    this.#spec = spec
  }

  /** A request has come in. `nowMs` is monotonic. */
  arrive(nowMs: number): void {
    this.#turnTo(Math.floor(nowMs / 1000))
    this.#requests[this.#second % WINDOW_SECONDS]! += 1
  }

  /** Takes one retry if the budget has it. */
  take(nowMs: number): boolean {
    this.#turnTo(Math.floor(nowMs / 1000))
    if (sum(this.#retries) >= Math.max(this.#spec.least, this.#spec.share * sum(this.#requests))) return false
    this.#retries[this.#second % WINDOW_SECONDS]! += 1
    return true
  }

  #turnTo(second: number): void {
    if (second === this.#second) return
    const from = Math.max(this.#second + 1, second - WINDOW_SECONDS + 1)
    for (let passed = from; passed <= second; passed++) {
      this.#requests[passed % WINDOW_SECONDS] = 0
      this.#retries[passed % WINDOW_SECONDS] = 0
    }
    this.#second = second
  }
}

function sum(counts: Float64Array): number {
  let total = 0
  for (let i = 0; i < counts.length; i++) total += counts[i]!
  return total
}
