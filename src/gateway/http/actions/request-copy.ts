import type { ListenerLimits } from '../../../core/balancer.ts'
import type { Context } from '../../worker/context.ts'
import type { Peer } from '../../worker/listeners/peer.ts'
import type { Pool } from '../../worker/pools/pool.ts'
import type { CopiedRequest } from '../filters/filter.ts'
import { Copyist } from './copyist.ts'

export interface CopyAbout {
  /** A longer body is not copied, and its request neither. */
  readonly bodyBytes: number
  readonly peer: Peer
  readonly limits: ListenerLimits
  /** Called once, when nothing more is done about it. */
  readonly onEnd: () => void
}

/** collecting -> sending -> over, or over at once. */
type State = 'collecting' | 'sending' | 'over'

/** A request as it goes to its server, kept up to a limit and sent to another pool when it is whole. */
export class RequestCopy implements CopiedRequest {
  readonly #ctx: Context
  readonly #pool: Pool
  readonly #about: CopyAbout
  #state: State = 'collecting'
  #head: Buffer | null = null
  #parts: Buffer[] = []
  #left: number

  constructor(ctx: Context, pool: Pool, about: CopyAbout) {
    this.#ctx = ctx
    this.#pool = pool
    this.#about = about
    this.#left = about.bodyBytes
  }

  begin(requestHead: Buffer): void {
    this.#head = requestHead
  }

  data(bytes: Buffer, start: number, end: number): void {
    if (this.#state !== 'collecting') return
    this.#left -= end - start
    if (this.#left < 0) this.drop()
    // A part of what was read would keep all of it.
    else this.#parts.push(Buffer.from(bytes.subarray(start, end)))
  }

  /** It is sent in an event of its own: in this one its original is still being put together, in the same place. */
  end(): void {
    if (this.#state !== 'collecting') return
    this.#state = 'sending'
    setImmediate(() => this.#send())
  }

  drop(): void {
    if (this.#state === 'collecting') this.#over()
  }

  #send(): void {
    const { peer, limits } = this.#about
    const request = { head: this.#head!, body: this.#parts }
    new Copyist(this.#ctx, request, { peer, limits, onEnd: () => this.#over() }).send(this.#pool)
  }

  #over(): void {
    this.#state = 'over'
    this.#head = null
    this.#parts = []
    this.#about.onEnd()
  }
}
