import type { ResponseHead } from '../../http1/response-head.ts'
import { POOL, POOL_GAUGE } from '../../lanes.ts'
import type { Context } from '../../worker/context.ts'
import type { Peer } from '../../worker/listeners/peer.ts'
import type { Member, Pool } from '../../worker/pools/pool.ts'
import type { Memory } from '../../worker/reads.ts'
import { Timer } from '../../worker/timer-wheel.ts'
import type { ClientSide, ResponseSink } from '../client-side.ts'
import type { CopiedRequest } from '../filters/filter.ts'
import type { Loss, ServerSide, ServerTlsFacts, Switched } from '../server-side.ts'
import { Attempt, type AttemptOwner } from './attempt.ts'
import { Choice } from './choice.ts'
import { Deadline } from './deadline.ts'
import type { ExchangeOwner } from './exchange-owner.ts'
import { Marks } from './marks.ts'
import { retryOf, statusOf } from './retry.ts'

/** A request's attempts on servers, and the answer of the one that succeeds. Reused from request to request. */
export class Exchange implements AttemptOwner {
  active = false
  pool: Pool | null = null
  /** What the access log says; 0 = nothing was sent. */
  status = 0
  why: string | null = null
  retried = 0
  /** Of the connection that the last attempt used. */
  serverTls: ServerTlsFacts | null = null
  /** What is told of the request beside the server; null = nobody. */
  copy: CopiedRequest | null = null
  requestDone = false
  responseBegun = false
  /** Of the answer, and of the request's body. What is lent when the exchange ends is kept: nobody says when it has been written. */
  memory: Memory = 'kept'
  requestMemory: Memory = 'free'
  /** What every attempt sends, while it is under way: a part of a slab, which an idle connection would keep whole. */
  requestHead: Buffer | null = null
  readonly marks = new Marks()
  readonly #ctx: Context
  readonly #owner: ExchangeOwner
  readonly #client: ClientSide
  readonly #choice: Choice
  readonly #deadline = new Deadline()
  #attempt: Attempt
  /** A second attempt beside it. */
  #hedge: Attempt | null = null
  #spare: Attempt | null = null
  #hedgeTimer: Timer | null = null
  #bodyBegun = false
  #interimSent = false
  #sink: ResponseSink

  constructor(ctx: Context, owner: ExchangeOwner) {
    this.#ctx = ctx
    this.#owner = owner
    this.#client = owner.client
    this.#sink = owner.client
    this.#choice = new Choice(owner)
    this.#attempt = new Attempt(ctx, this)
  }

  get peer(): Peer {
    return this.#owner.peer
  }

  /** Whom the last attempt was made on. */
  get member(): Member | null {
    return this.#attempt.member
  }

  /** A server has the head, and not all of the body: what comes of it goes there. Between two attempts nobody takes it. */
  get takesBody(): boolean {
    return this.#attempt.isConnected && !this.requestDone
  }

  /** `requestHead`: what every attempt sends. `pinned`: the member that the client's session is with; -1 = none. */
  start(pool: Pool, requestHead: Buffer, pinned = -1): void {
    this.active = true
    this.pool = pool
    this.#attempt.member = null
    this.status = 0
    this.why = null
    this.retried = 0
    this.serverTls = null
    this.requestDone = false
    this.requestMemory = 'free'
    this.responseBegun = false
    this.marks.begin(this.#ctx.accessLog !== null)
    this.#bodyBegun = false
    this.#interimSent = false
    this.#choice.begin(pool, pinned)
    this.requestHead = requestHead
    this.#ctx.lane.addPool(pool.slot, POOL.requests, 1)
    const hasRoom = pool.hasRoom()
    this.#ctx.lane.addPoolGauge(pool.slot, POOL_GAUGE.inFlight, 1)
    pool.arrive()
    this.#deadline.begin(pool.attempts.totalMs)
    if (hasRoom) this.#try(false, 503)
    else {
      this.why = 'breaker'
      this.#refuse(503)
    }
  }

  /** More of the request's body comes; `requestFlush` ends it within the same event. `feed` needs no beginning. */
  requestBegin(): void {
    this.#attempt.server!.begin(null)
  }

  requestData(bytes: Buffer, start: number, end: number): void {
    this.#bodyBegun = true
    if (this.copy !== null) this.copy.data(bytes, start, end)
    this.#attempt.server!.data(this.#client.head.body === 'chunked', bytes, start, end)
  }

  requestEnd(trailers: Buffer | null): void {
    this.requestDone = true
    if (this.copy !== null) this.copy.end()
    this.#attempt.server!.end(this.#client.head.body === 'chunked', trailers)
  }

  dropCopy(): void {
    this.copy?.drop()
    this.copy = null
  }

  /** False = the server takes no more for now. */
  requestFlush(): boolean {
    const server = this.#attempt.server!
    const takesMore = server.flush()
    this.requestMemory = server.memory
    // A paused answer waits for the client, not for the server.
    const waits = (this.requestDone || !takesMore) && !server.isPaused
    if (waits) server.awaitWithin(this.#patience())
    else server.stopWaiting()
    return takesMore
  }

  /** The answer's way takes bytes again. */
  clientDrained(): void {
    const { server, isConnected } = this.#attempt
    if (server === null || !isConnected) return
    server.resume(this.#client.memory === 'free')
    if (this.requestDone) server.awaitWithin(this.#patience())
  }

  /** The client is gone, or has broken its side: nothing more is wanted of the server. */
  abort(why: string): void {
    if (!this.active) return
    this.why = why
    this.#abandon()
    this.#end()
  }

  connecting(): void {
    this.#client.waitFor(null, 0)
  }

  connected(attempt: Attempt, server: ServerSide): void {
    const client = this.#client
    if (attempt === this.#attempt) client.waitFor(null, 0)
    this.serverTls = server.tls
    this.marks.connected()
    // Where a request with a body would end in a tunnel, nobody could tell.
    server.expect(client.head.isHead, client.head.upgrade !== '' && client.head.body === 'none')
    if (client.head.body === 'none') {
      this.requestDone = true
      server.whole(this.requestHead!)
      server.awaitWithin(this.#patience())
      return
    }
    server.begin(this.requestHead)
    client.feed()
  }

  interim(_attempt: Attempt, head: ResponseHead, bytes: Buffer): void {
    const client = this.#client
    if (client.head.versionMinor === 0 || (head.status === 100 && client.head.expectContinue)) return
    // Nobody knows yet whose answer will count.
    if (this.#hedge !== null) return
    this.#interimSent = true
    client.interim(head, bytes)
  }

  head(attempt: Attempt, head: ResponseHead, bytes: Buffer): void {
    if (this.#hedgeTimer !== null) this.#ctx.wheel.disarm(this.#hedgeTimer)
    if (this.#hedge !== null) this.#win(attempt)
    this.#respond(head, bytes)
  }

  /** Filters may keep what they like. */
  #noteMemory(): void {
    this.memory = this.#sink === this.#client ? this.#client.memory : 'kept'
  }

  /** False = the answer must not go to the client. */
  #respond(head: ResponseHead, bytes: Buffer): boolean {
    this.marks.answered()
    this.responseBegun = true
    this.status = head.status
    this.why = null
    this.memory = 'kept'
    const sink = this.#owner.respond(head, bytes)
    const isGiven = typeof sink !== 'string'
    if (isGiven) this.#sink = sink
    else this.fail(502, sink)
    return isGiven
  }

  body(bytes: Buffer, start: number, end: number): void {
    this.#sink.data(bytes, start, end)
  }

  flush(): void {
    if (!this.responseBegun) return
    const server = this.#attempt.server!
    const takesMore = this.#sink.flush()
    this.#noteMemory()
    // A filter may have broken it off.
    if (!this.active) return
    if (!takesMore) {
      server.pause()
      server.stopWaiting()
      // A filter may have no room while the client takes everything.
      if (this.#client.isFull) this.#client.waitFor('room', this.#owner.limits.idleMs)
    } else if (this.requestDone) server.awaitWithin(this.#owner.responseMs)
  }

  answered(trailers: Buffer | null): void {
    const server = this.#attempt.server!
    const { pool, requestDone } = this
    const isGiven = this.#sink.end(this.#client.head.acceptsTrailers ? trailers : null)
    this.#noteMemory()
    if (!this.active) return
    this.#ctx.lane.countEnd(pool!.slot, this.status >= 500)
    this.#end()
    server.release(requestDone, pool!.spec.idleMs)
    if (isGiven) this.#owner.finished()
  }

  switched(head: ResponseHead, bytes: Buffer, tunnel: Switched): void {
    if (!this.#respond(head, bytes)) return
    this.#client.flush()
    this.#ctx.lane.countEnd(this.pool!.slot, false)
    this.#owner.tunnel(tunnel, bytes.subarray(tunnel.at))
  }

  /** The tunnel that this exchange became has ended. */
  tunnelled(fromClient: number, fromServer: number): void {
    this.#attempt.tunnelled(fromClient, fromServer)
    this.#end()
  }

  lost(attempt: Attempt, loss: Loss): void {
    const reused = attempt.server !== null && attempt.server.uses > 0
    attempt.leave()
    // Some may have been given in this very event.
    this.memory = this.requestMemory = 'kept'
    this.#choice.tried(attempt.picked)
    if (this.#hedge !== null) {
      this.#win(attempt === this.#hedge ? this.#attempt : this.#hedge)
      return
    }
    this.why = loss
    if (this.responseBegun) {
      this.#ctx.lane.countEnd(this.pool!.slot, true)
      this.#end()
      this.#owner.broken()
    } else if (this.#mayRetry(loss)) {
      this.retried++
      this.#ctx.lane.addPool(this.pool!.slot, POOL.retries, 1)
      this.#try(reused, statusOf(loss))
    } else this.#refuse(statusOf(loss))
  }

  drained(): void {
    // A hedge with a long head may have been told while the first attempt still waits for a connection.
    if (!this.takesBody) return
    this.requestMemory = this.#attempt.server!.memory
    this.#client.feedMore()
  }

  /** Of `ms`, as much as the request's deadline leaves. */
  left(ms: number): number {
    return this.#deadline.left(ms)
  }

  /** Nobody gave it a connection in time. */
  waitedTooLong(): void {
    if (this.#hedge !== null) this.#win(this.#hedge)
    else if (this.#deadline.isOver) this.fail(504, 'timeout')
    else this.fail(503, 'no-connection')
  }

  /** The gateway answers this request itself: 408 and 413 while it comes, 503 before a server was asked, 502 for what is withheld. */
  fail(status: number, why: string): void {
    this.why = why
    this.status = 0
    this.responseBegun = false
    this.#abandon()
    this.#refuse(status)
  }

  #mayRetry(loss: Loss): boolean {
    if (this.#deadline.isOver) return false
    const { attempts, retries, budget } = this.pool!
    const verdict = retryOf({
      loss,
      isPinned: this.#choice.isPinned,
      isSafe: this.#client.head.isSafe,
      bodyBegun: this.#bodyBegun,
      answerBegun: this.#interimSent,
      retried: this.retried,
      retries,
      hasTryLimit: attempts.tryMs !== null && attempts.tryMs < this.#owner.responseMs,
    })
    return verdict === 'free' || (verdict === 'budget' && budget.take(this.#ctx.nowMs))
  }

  /** `otherwise` answers when there is nobody (left) to ask. */
  #try(staleBefore: boolean, otherwise: number): void {
    const pool = this.pool!
    const picked = this.#choice.next(staleBefore)
    if (picked < 0) {
      this.why ??= 'no-server'
      this.#refuse(otherwise)
    } else if (!this.#attempt.begin(pool, picked, staleBefore)) {
      this.lost(this.#attempt, 'too-many-pending')
      // What it fed of the body at once may have ended the exchange already.
    } else if (this.#attempt.waits) this.#awaitConnection()
    if (pool.attempts.hedgeMs !== null) this.#armHedge(pool.attempts.hedgeMs)
  }

  #awaitConnection(): void {
    if (this.#attempt.waits) this.#client.waitFor('connection', this.left(this.pool!.spec.connectMs))
    else this.#client.waitFor(null, 0)
  }

  #armHedge(hedgeMs: number): void {
    const { isSafe, body, upgrade } = this.#client.head
    // Of two tunnels none could be given up.
    if (!this.active || this.responseBegun || !isSafe || body !== 'none' || upgrade !== '') return
    this.#hedgeTimer ??= new Timer(() => this.#beginHedge())
    this.#ctx.wheel.arm(this.#hedgeTimer, hedgeMs)
  }

  /** Dean and Barroso, "The Tail at Scale" (2013): the slowest few requests are asked of a second server too. */
  #beginHedge(): void {
    const pool = this.pool!
    if (this.#interimSent || !pool.takeHedge()) return
    const picked = this.#choice.another(this.#attempt.picked)
    if (picked < 0) return
    const hedge = (this.#spare ??= new Attempt(this.#ctx, this))
    this.#hedge = hedge
    this.#spare = null
    this.#ctx.lane.addPool(pool.slot, POOL.retries, 1)
    if (!hedge.begin(pool, picked, false)) this.#win(this.#attempt)
  }

  /** Of two attempts only this one counts from now on. */
  #win(winner: Attempt): void {
    const loser = winner === this.#attempt ? this.#hedge! : this.#attempt
    this.#attempt = winner
    this.#hedge = null
    this.#spare = loser
    loser.abandon()
    this.#awaitConnection()
  }

  /** How long the server may be silent now. */
  #patience(): number {
    const { responseMs } = this.#owner
    if (this.responseBegun) return responseMs
    const { tryMs } = this.pool!.attempts
    return this.left(tryMs === null ? responseMs : Math.min(tryMs, responseMs))
  }

  #abandon(): void {
    this.memory = this.requestMemory = 'kept'
    this.#attempt.abandon()
    if (this.#hedge !== null) this.#win(this.#attempt)
  }

  #refuse(status: number): void {
    this.#ctx.lane.addPool(this.pool!.slot, POOL.refused, 1)
    this.#ctx.lane.countEnd(this.pool!.slot, status >= 500)
    this.#end()
    this.#owner.refused(status)
  }

  #end(): void {
    this.#attempt.leave()
    if (this.memory === 'lent') this.memory = 'kept'
    if (this.requestMemory === 'lent') this.requestMemory = 'kept'
    this.#ctx.lane.addPoolGauge(this.pool!.slot, POOL_GAUGE.inFlight, -1)
    this.active = false
    if (this.#hedgeTimer !== null) this.#ctx.wheel.disarm(this.#hedgeTimer)
    this.requestHead = null
  }
}
