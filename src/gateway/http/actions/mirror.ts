import type { MirrorSpec } from '../../../core/rule.ts'
import type { Rng } from '../../../core/time.ts'
import type { Context } from '../../worker/context.ts'
import type { Pool } from '../../worker/pools/pool.ts'
import type { Filter, Transaction } from '../filters/filter.ts'
import { RequestCopy } from './request-copy.ts'

/** Sends a copy of requests to another pool too. Nobody sees its answers, and nobody waits for them. */
export class Mirror implements Filter {
  readonly #spec: MirrorSpec
  readonly #ctx: Context
  readonly #pool: Pool
  readonly #rng: Rng
  #inFlight = 0

  constructor(spec: MirrorSpec, parts: { readonly ctx: Context; readonly pool: Pool; readonly rng: Rng }) {
    this.#spec = spec
    this.#ctx = parts.ctx
    this.#pool = parts.pool
    this.#rng = parts.rng
  }

  request(transaction: Transaction): 'next' {
    const { share, bodyBytes, inFlight } = this.#spec
    const { head, peer, limits } = transaction
    const isCopied =
      this.#inFlight < inFlight && head.upgrade === '' && head.bodyLength <= bodyBytes && this.#rng() < share
    if (!isCopied) return 'next'
    this.#inFlight++
    const onEnd = () => this.#inFlight--
    transaction.copyTo(new RequestCopy(this.#ctx, this.#pool, { bodyBytes, peer, limits, onEnd }))
    return 'next'
  }
}
