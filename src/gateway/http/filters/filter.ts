import type { SpreadSpec } from '../../../core/algorithm.ts'
import type { ListenerLimits } from '../../../core/balancer.ts'
import type { Purge } from '../../../core/cache.ts'
import type { RequestHead } from '../../http1/request-head.ts'
import type { ResponseHead } from '../../http1/response-head.ts'
import type { Peer } from '../../worker/listeners/peer.ts'
import type { Pool } from '../../worker/pools/pool.ts'
import type { ResponseSink } from '../client-side.ts'
import type { Reply } from '../reply.ts'

/** One request and its answer, as filters and actions see it. Reused from request to request of a connection. */
export interface Transaction {
  readonly peer: Peer
  /** Who asks: the peer, or who a trusted proxy says that it asks for. */
  readonly clientAddress: string
  /** How it asks. */
  readonly scheme: 'http' | 'https'
  readonly head: RequestHead
  readonly limits: ListenerLimits
  /** What the head's offsets point into; null once the request has gone to a pool. */
  readonly bytes: Buffer | null
  readonly route: Route | null
  /** The pool that it went to; null = none (yet). */
  readonly pool: Pool | null
  /** What its server is sent as its head; null = nothing (yet), or it has been answered. */
  readonly exchange: { readonly requestHead: Buffer | null }
  /** After `request` gave 'taken': on with the next filter, and then to a server. */
  proceed(): void
  /** The request goes to a server of this pool. */
  forward(pool: Pool): void
  /** What goes to a server is copied on the way. */
  copyTo(copy: CopiedRequest): void
  /** The gateway answers itself; `why` is for the log. */
  answer(reply: Reply, why: string): void
  /** The filter has the answer, whole: it goes through the filters between it and the client. `why` is for the log. */
  serve(filter: Filter, answer: WholeAnswer, why: string): void
  /** Lines, each ended by CRLF, for whatever answer the client gets. */
  tell(lines: string): void
  /** No more of a request's body than this: 413. */
  limitBody(bytes: number): void
  /** While a filter sees a head: the answer is not given, but 502. */
  withhold(why: string): void
  /** The answer will never be whole. */
  breakOff(why: string): void
  /** A body filter that had no room takes bytes again. */
  drained(filter: BodyFilter): void
  /** The client has no room for what a body filter gives: it must take some of it within its time. */
  awaitRoom(): void
  /** A body filter whose `end` gave false has given its last byte. */
  finished(): void
}

/** Hears of a request what its server gets. `end` or `drop` is the last. */
export interface CopiedRequest {
  begin(requestHead: Buffer): void
  data(bytes: Buffer, start: number, end: number): void
  end(): void
  /** It will never be whole. Nothing happens when it has been. */
  drop(): void
}

/** A body filter is made for one answer, and released by `end` or `abort`. */
export interface BodyFilter extends ResponseSink {
  /** Where it gives on what it takes; set before anything comes. */
  next: ResponseSink
  /** The client takes bytes again. */
  clientDrained(): void
  /** The body will never be whole, or nobody wants it any more. */
  abort(): void
}

/** What a rule does beside choosing a pool. One object a rule and worker: what belongs to one request is kept in its BodyFilter. */
export interface Filter {
  /** Before a server is asked. 'taken' = it has answered, or will call `proceed` or `answer`. */
  request?(transaction: Transaction): 'next' | 'taken'
  /** The head of a server's answer has come, and may be edited until this returns. A BodyFilter takes the body from now on; null = it
   *  stays as it is, as that of a 101 must, which is a tunnel. The last of a rule's filters sees the answer first. */
  response?(answer: Answer): BodyFilter | null
  /** No server has answered. True = it has served an answer of its own. */
  refused?(transaction: Transaction): boolean
  /** Once for every request that `request` saw, when nothing more comes of it. */
  end?(transaction: Transaction): void
  /** Forgets answers that it keeps; gives of how many addresses. */
  purge?(what: Purge): number
}

/** A filter may put another head in its place: then its BodyFilter has another body too. */
export interface Answer {
  readonly transaction: Transaction
  head: ResponseHead
  bytes: Buffer
}

export interface WholeAnswer {
  readonly head: ResponseHead
  readonly bytes: Buffer
  readonly body: Buffer
}

/** Requests that are counted together. */
export interface TrafficClass {
  readonly name: string
  readonly slot: number
}

/** What becomes of the requests of one rule. */
export interface Route {
  readonly filters: readonly Filter[]
  /** Where they go; null = `act` decides. */
  readonly pool: Pool | null
  readonly act: ((transaction: Transaction) => void) | null
  /** How servers are chosen; null = as the pool says. */
  readonly spread: SpreadSpec | null
  /** Whose counters its requests are in; null = nobody's. */
  readonly trafficClass: TrafficClass | null
  /** Of a canary: whose counters its requests are in besides, by the pool that they went to. */
  readonly arms?: ReadonlyMap<Pool, number>
}
