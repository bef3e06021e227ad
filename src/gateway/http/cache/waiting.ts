import type { Transaction } from '../filters/filter.ts'
import { LONGEST } from './store.ts'
import type { Asked } from './stored.ts'

/** More than so many do not wait for one answer. */
const MOST = 1_000
/** Addresses whose answers are known not to be kept, and how long that is remembered. */
const PASSED = 10_000
const PASS_MS = 10_000

/** Requests that wait for the answer of another to the same address. */
export class Waiting {
  readonly #again: (transaction: Transaction, asked: Asked) => void
  /** By address: who asks, and who waits. */
  readonly #leaders = new Map<
    string,
    { readonly leader: Transaction; readonly others: Map<Transaction, Asked> }
  >()
  readonly #waiting = new Map<Transaction, string>()
  readonly #passed = new Map<string, number>()

  constructor(again: (transaction: Transaction, asked: Asked) => void) {
    this.#again = again
  }

  /** False = nobody asks for it yet, or waiting would be of no use: it asks itself. */
  joins(transaction: Transaction, asked: Asked, nowMs: number): boolean {
    const { url } = asked
    if (nowMs < (this.#passed.get(url) ?? 0)) return false
    const found = this.#leaders.get(url)
    if (found === undefined) this.#leaders.set(url, { leader: transaction, others: new Map() })
    if (found === undefined || found.others.size >= MOST) return false
    found.others.set(transaction, asked)
    this.#waiting.set(transaction, url)
    return true
  }

  /** Its client has gone, or it has been answered. */
  leave(transaction: Transaction): void {
    const url = this.#waiting.get(transaction)
    if (url === undefined) return
    this.#waiting.delete(transaction)
    this.#leaders.get(url)?.others.delete(transaction)
  }

  /** The answer will not be kept: neither will the next ones. */
  pass(transaction: Transaction, asked: Asked, nowMs: number): void {
    this.release(transaction, asked)
    if (asked.url.length > LONGEST) return
    if (this.#passed.size >= PASSED) this.#passed.delete(this.#passed.keys().next().value!)
    this.#passed.delete(asked.url)
    this.#passed.set(asked.url, nowMs + PASS_MS)
  }

  /** Whoever waited for this request waits no longer. */
  release(transaction: Transaction, { url }: Asked): void {
    const found = this.#leaders.get(url)
    if (found?.leader !== transaction) return
    this.#leaders.delete(url)
    if (found.others.size === 0) return
    // Not in the middle of what is being written to another client: their output is shared.
    queueMicrotask(() => {
      for (const [other, asked] of found.others) if (this.#waiting.delete(other)) this.#again(other, asked)
    })
  }
}
