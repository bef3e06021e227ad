import type { Receipt } from '../core/step.ts'
import type { Millis } from '../core/time.ts'

/** Steps that have been started: one promise a token, and the receipts of those that have settled.
 *  Owned by the loop, so that a slow step outlives the tick that started it. */
export class Flights {
  readonly #open = new Map<string, { readonly since: Millis; readonly done: Promise<void> }>()
  readonly #receipts = new Map<string, Receipt>()
  #broken: { readonly error: unknown } | null = null

  constructor(receipts: readonly Receipt[]) {
    for (const receipt of receipts) this.#receipts.set(receipt.token, receipt)
  }

  /** A repeated step's new receipt takes the place of its old one. */
  start(token: string, since: Millis, step: Promise<Receipt>): void {
    if (this.#open.has(token)) throw new Error(`step ${token} is already in flight`)
    const done = step.then(
      (receipt) => {
        this.#open.delete(token)
        this.#receipts.set(token, receipt)
      },
      (error: unknown) => {
        this.#broken = { error }
      },
    )
    this.#open.set(token, { since, done })
  }

  /** Resolves when those have settled. */
  async landed(tokens: readonly string[]): Promise<void> {
    await Promise.all(tokens.map((token) => this.#open.get(token)?.done))
  }

  /** By token, since when. */
  flying(): ReadonlyMap<string, Millis> {
    return new Map([...this.#open].map(([token, flight]) => [token, flight.since]))
  }

  /** By token. Throws what broke a step and was no Fault: the controller must not go on. */
  receipts(): ReadonlyMap<string, Receipt> {
    if (this.#broken) throw this.#broken.error
    return new Map(this.#receipts)
  }

  forget(tokens: readonly string[]): void {
    for (const token of tokens) this.#receipts.delete(token)
  }
}
