import { hashText } from '../../../balancing/hash.ts'
import type { ListenerLimits } from '../../../core/balancer.ts'
import { parseRequestHead, RequestHead } from '../../http1/request-head.ts'
import type { ResponseHead } from '../../http1/response-head.ts'
import type { Context } from '../../worker/context.ts'
import type { Peer } from '../../worker/listeners/peer.ts'
import type { Pool } from '../../worker/pools/pool.ts'
import { Timer } from '../../worker/timer-wheel.ts'
import type { ClientSide, ResponseSink } from '../client-side.ts'
import { Exchange } from '../exchange/exchange.ts'
import type { ExchangeOwner } from '../exchange/exchange-owner.ts'

export interface CopyistAbout {
  readonly peer: Peer
  /** All of it, answer included, may take as long as a server may be silent. */
  readonly limits: ListenerLimits
  /** Null = nobody wants to know the answer. */
  readonly hearer?: Hearer
  readonly onEnd: () => void
}

/** Hears an answer. `end` = it is whole; without it, it never will be. */
export interface Hearer {
  head(head: ResponseHead, bytes: Buffer): void
  data(bytes: Buffer, start: number, end: number): void
  end(): void
}

/** Stands where a client would: sends a request that is there whole, and forgets what comes of it unless somebody wants to hear it. */
export class Copyist implements ClientSide, ExchangeOwner {
  readonly client = this
  readonly peer: Peer
  readonly limits: ListenerLimits
  readonly responseMs: number
  readonly head: RequestHead
  readonly spread = null
  /** A copy keeps no company: it goes by its client's address where the pool hashes. */
  readonly key: number
  readonly sent = 0
  readonly received = 0
  readonly headMs = 0
  readonly protocol = 'HTTP/1.1'
  readonly patienceMs = 0
  readonly isFull = false
  readonly memory = 'free'
  readonly #ctx: Context
  readonly #request: { readonly head: Buffer; readonly body: readonly Buffer[] }
  readonly #hearer: Hearer | null
  readonly #onEnd: () => void
  readonly #exchange: Exchange
  readonly #timer: Timer

  constructor(
    ctx: Context,
    request: { readonly head: Buffer; readonly body: readonly Buffer[] },
    { peer, limits, hearer, onEnd }: CopyistAbout,
  ) {
    this.peer = peer
    this.limits = limits
    this.responseMs = limits.responseMs
    this.key = hashText(peer.address)
    this.#ctx = ctx
    this.#request = request
    this.#hearer = hearer ?? null
    this.#onEnd = onEnd
    // The gateway's own lines have been added to what was within the limits.
    this.head = new RequestHead({ headerBytes: request.head.length + 1, headerCount: request.head.length })
    this.#exchange = new Exchange(ctx, this)
    this.#timer = new Timer(() => this.#tooLate())
  }

  send(pool: Pool): void {
    const { head } = this.#request
    if (parseRequestHead(head, 0, head.length, this.head) !== head.length) {
      this.#over()
      return
    }
    this.#ctx.wheel.arm(this.#timer, this.limits.responseMs)
    this.#exchange.start(pool, head)
  }

  feed(): void {
    const exchange = this.#exchange
    for (const part of this.#request.body) exchange.requestData(part, 0, part.length)
    exchange.requestEnd(null)
    exchange.requestFlush()
  }

  respond(head: ResponseHead, bytes: Buffer): ResponseSink {
    this.#hearer?.head(head, bytes)
    return this
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#hearer?.data(bytes, start, end)
  }

  flush(): boolean {
    return true
  }

  end(): boolean {
    this.#hearer?.end()
    return true
  }

  finished(): void {
    this.#over()
  }

  refused(): void {
    this.#over()
  }

  broken(): void {
    this.#over()
  }

  /** It asked for no other protocol; a server that changes it all the same is left alone. */
  tunnel(server: Parameters<ClientSide['tunnel']>[0]): void {
    server.stream.destroy()
    this.#exchange.tunnelled(0, 0)
    this.#over()
  }

  // All that it has is given by `feed`, and its one deadline is longer than any wait.
  feedMore(): void {}
  waitFor(): void {}
  interim(): void {}
  answer(): void {}

  #tooLate(): void {
    this.#exchange.abort('mirror-timeout')
    this.#over()
  }

  #over(): void {
    this.#ctx.wheel.release(this.#timer)
    this.#onEnd()
  }
}
