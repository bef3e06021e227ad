import type { SpreadSpec } from '../../../core/algorithm.ts'
import type { Pool } from '../../worker/pools/pool.ts'

/** What decides whom a request goes to. */
export interface Chooser {
  /** Of the rule; null = as the pool says. */
  readonly spread: SpreadSpec | null
  /** What an algorithm that hashes goes by. */
  readonly key: number
}

/** Which members of a pool a request has been to, and who is next. Reused from request to request. */
export class Choice {
  readonly #chooser: Chooser
  #pool: Pool | null = null
  /** Indices into the pool's members as of `#edition`. */
  #tried: Set<number> | null = null
  #edition = 0
  #pinned = -1
  /** Whom `next` gave last is whom the client's session is with. */
  isPinned = false

  constructor(chooser: Chooser) {
    this.#chooser = chooser
  }

  /** `pinned`: whom the client's session is with; -1 = nobody. */
  begin(pool: Pool, pinned: number): void {
    this.#pool = pool
    this.#tried = null
    this.#edition = pool.edition
    this.#pinned = pinned
  }

  tried(picked: number): void {
    this.#tried ??= new Set()
    this.#tried.add(picked)
  }

  /** The next one to ask; -1 = there is nobody (left). `staleBefore`: the last one was asked over a kept connection that had died. */
  next(staleBefore: boolean): number {
    const pool = this.#pool!
    if (pool.edition !== this.#edition) {
      this.#edition = pool.edition
      this.#tried = null
      this.#pinned = -1
    }
    const pinned = this.#pinned
    this.#pinned = -1
    this.isPinned = pinned >= 0
    if (this.isPinned) return pinned
    const { spread, key } = this.#chooser
    const picked = pool.pick(this.#tried, spread, key)
    // A kept connection may have died unnoticed: when its server is the only one, a new connection may well succeed.
    return picked < 0 && staleBefore ? pool.pick(null, spread, key) : picked
  }

  /** Somebody to ask beside who is asked already; -1 = nobody. */
  another(asked: number): number {
    const pool = this.#pool!
    if (pool.edition !== this.#edition) return -1
    this.tried(asked)
    return pool.pick(this.#tried, this.#chooser.spread, this.#chooser.key)
  }
}
