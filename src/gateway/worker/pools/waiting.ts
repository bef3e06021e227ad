import type { Context } from '../context.ts'
import type { Waiter } from './waiter.ts'

/** Requests that wait for a connection to one server, the first to come first. */
export class Waiting {
  readonly #ctx: Context
  readonly #open: (waiter: Waiter) => void
  readonly #waiters = new Set<Waiter>()

  /** `open` gives a waiter that may have it a connection of its own. */
  constructor(ctx: Context, open: (waiter: Waiter) => void) {
    this.#ctx = ctx
    this.#open = open
  }

  get size(): number {
    return this.#waiters.size
  }

  add(waiter: Waiter): void {
    this.#waiters.add(waiter)
    this.#ctx.crowded.add(this)
  }

  forget(waiter: Waiter): void {
    if (this.#waiters.delete(waiter) && this.#waiters.size === 0) this.#ctx.crowded.delete(this)
  }

  /** Whose turn it is waits no longer; null = nobody waits. */
  next(): Waiter | null {
    for (const waiter of this.#waiters) {
      this.forget(waiter)
      return waiter
    }
    return null
  }

  /** There may be room for more connections. */
  wake(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.mayOpen()) return
      this.forget(waiter)
      this.#open(waiter)
    }
  }
}
