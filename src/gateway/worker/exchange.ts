import type { Socket } from 'node:net'
import type { ListenerLimits, UpstreamSpec } from '../../core/balancer.ts'
import { bodyTowards, type ClientHop, writeRequestHead, writeResponseHead } from '../http1/forward.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { MEMBER, POOL } from '../lanes.ts'
import type { Context } from './context.ts'
import type { MessageWriter } from './message-writer.ts'
import type { Member, Pool } from './pool.ts'
import { retryOf, statusOf } from './retry.ts'
import type { Waiter } from './server.ts'
import type { Loss, Upstream } from './upstream.ts'

/** What an exchange asks of the client's connection. */
export interface ExchangeClient {
  readonly socket: Socket
  readonly writer: MessageWriter
  readonly head: RequestHead
  readonly limits: ListenerLimits
  /** The connection will be kept after this exchange. */
  readonly keeps: boolean
  /** The server can take the body: give what has come of it, by `requestData` and `requestEnd`. */
  feed(): void
  /** The server takes more of the body again. */
  feedMore(): void
  /** At most `ms` for a connection to a server, or for the client to take what has been sent; null = neither. */
  waitFor(what: 'connection' | 'room' | null, ms: number): void
  /** The gateway's own answer. */
  refuse(status: number): void
  /** The answer has been sent whole; `untilClose` = only the connection's end says so. */
  finished(untilClose: boolean): void
  /** An answer has been begun that will never be whole; `untilClose` = an orderly end would look whole. */
  broken(untilClose: boolean): void
  /** 101 has been sent: both sockets belong to a tunnel from now on. */
  tunnel(upstream: Socket, early: Buffer): void
}

/** One request and its answer: attempts on servers, and the answer's way to the client. Reused from request to request. */
export class Exchange implements Waiter {
  active = false
  pool: Pool | null = null
  member: Member | null = null
  /** What the access log says; 0 = nothing was sent. */
  status = 0
  why: string | null = null
  retried = 0
  requestDone = false
  responseBegun = false
  readonly #ctx: Context
  readonly #client: ExchangeClient
  #upstream: Upstream | null = null
  #connected = false
  #requestHead: Buffer | null = null
  #bodyBegun = false
  #interimSent = false
  #chunked = false
  #untilClose = false
  #holds = false
  #attemptMs = 0
  /** Of what the client's writer has written for this request, so much is counted. */
  #countedBytes = 0
  /** Indices into the pool's members as of `#edition`. */
  #picked = -1
  #tried: Set<number> | null = null
  #edition = 0

  constructor(ctx: Context, client: ExchangeClient) {
    this.#ctx = ctx
    this.#client = client
  }

  get spec(): UpstreamSpec {
    return this.pool!.spec
  }

  /** A server has the head, and not all of the body: what comes of it goes there. Between two attempts nobody takes it. */
  get takesBody(): boolean {
    return this.#connected && !this.requestDone
  }

  start(pool: Pool, bytes: Buffer, hop: ClientHop): void {
    const head = this.#client.head
    this.active = true
    this.pool = pool
    this.member = null
    this.status = 0
    this.why = null
    this.retried = 0
    this.requestDone = false
    this.responseBegun = false
    this.#bodyBegun = false
    this.#interimSent = false
    this.#tried = null
    this.#edition = pool.edition
    this.#countedBytes = 0
    this.#ctx.lane.addPool(pool.slot, POOL.requests, 1)
    pool.budget.arrive(this.#ctx.nowMs)
    this.#ctx.toServer.discard()
    writeRequestHead(head, bytes, hop, this.#ctx.toServer)
    this.#requestHead = this.#ctx.toServer.take()
    this.#attempt(false, 503)
  }

  /** For the log: the gateway has answered before any pool saw the request. */
  skip(why: string): void {
    this.pool = null
    this.member = null
    this.retried = 0
    this.why = why
  }

  /** More of the request's body comes; `requestFlush` ends it within the same event. `feed` needs no beginning. */
  requestBegin(): void {
    this.#upstream!.writer.begin()
  }

  requestData(bytes: Buffer, start: number, end: number): void {
    this.#bodyBegun = true
    this.#upstream!.writer.data(this.#client.head.body === 'chunked', bytes, start, end)
  }

  requestEnd(trailers: Buffer | null): void {
    this.requestDone = true
    this.#upstream!.writer.end(this.#client.head.body === 'chunked', trailers)
  }

  /** False = the server takes no more for now. */
  requestFlush(): boolean {
    const upstream = this.#upstream!
    const takesMore = upstream.writer.flush()
    // A paused answer waits for the client, not for the server.
    const waits = (this.requestDone || !takesMore) && !upstream.socket.isPaused()
    if (waits) upstream.awaitWithin(this.#client.limits.responseMs)
    else upstream.stopWaiting()
    return takesMore
  }

  /** The client takes bytes again. */
  clientDrained(): void {
    const upstream = this.#upstream
    if (upstream === null || !this.#connected) return
    upstream.socket.resume()
    if (this.requestDone) upstream.awaitWithin(this.#client.limits.responseMs)
  }

  /** The client is gone, or has broken its side: nothing more is wanted of the server. */
  abort(why: string): void {
    if (!this.active) return
    this.why = why
    this.member?.server.forget(this)
    this.#upstream?.abandon()
    this.#end()
  }

  connecting(upstream: Upstream): void {
    this.#upstream = upstream
    this.#client.waitFor(null, 0)
  }

  connected(upstream: Upstream): void {
    const client = this.#client
    const member = this.member!
    const lane = this.#ctx.lane
    this.#upstream = upstream
    this.#connected = true
    lane.addMember(member.slot, MEMBER.requests, 1)
    lane.addMember(member.slot, upstream.uses === 0 ? MEMBER.opened : MEMBER.reused, 1)
    this.pool!.reached(member)
    client.waitFor(null, 0)
    // Where a request with a body would end in a tunnel, nobody could tell.
    upstream.expect(client.head.isHead, client.head.upgrade !== '' && client.head.body === 'none')
    if (client.head.body === 'none') {
      this.requestDone = true
      upstream.writer.whole(this.#requestHead!)
      upstream.awaitWithin(client.limits.responseMs)
      return
    }
    upstream.writer.begin()
    upstream.writer.out.add(this.#requestHead!)
    client.feed()
  }

  interim(head: ResponseHead, bytes: Buffer): void {
    const client = this.#client
    if (client.head.versionMinor === 0 || (head.status === 100 && client.head.expectContinue)) return
    this.#interimSent = true
    client.writer.begin()
    writeResponseHead(head, bytes, client.head, client.writer.out)
    client.writer.flush()
    this.countSent()
  }

  head(head: ResponseHead, bytes: Buffer): void {
    const client = this.#client
    const member = this.member!
    this.#ctx.lane.countAnswer(member.slot, head.status, performance.now() - this.#attemptMs)
    client.head.keepAlive = client.keeps
    const body = bodyTowards(client.head, head)
    this.responseBegun = true
    this.status = head.status
    this.why = null
    this.#chunked = body === 'chunked'
    this.#untilClose = body === 'until-close'
    client.writer.begin()
    writeResponseHead(head, bytes, client.head, client.writer.out)
  }

  body(bytes: Buffer, start: number, end: number): void {
    this.#client.writer.data(this.#chunked, bytes, start, end)
  }

  flush(): void {
    const upstream = this.#upstream!
    if (!this.responseBegun) return
    const takesMore = this.#client.writer.flush()
    this.countSent()
    if (!takesMore) {
      upstream.socket.pause()
      upstream.stopWaiting()
      this.#client.waitFor('room', this.#client.limits.idleMs)
    } else if (this.requestDone) upstream.awaitWithin(this.#client.limits.responseMs)
  }

  answered(trailers: Buffer | null): void {
    const upstream = this.#upstream!
    this.#client.writer.end(this.#chunked, this.#client.head.acceptsTrailers ? trailers : null)
    this.#client.writer.flush()
    this.countSent()
    this.#ctx.lane.countEnd(this.pool!.slot, this.status >= 500)
    const untilClose = this.#untilClose
    const idleMs = this.spec.idleMs
    const whole = this.requestDone
    this.#end()
    upstream.release(whole, idleMs)
    this.#client.finished(untilClose)
  }

  switched(head: ResponseHead, bytes: Buffer, at: number): void {
    const client = this.#client
    const upstream = this.#upstream!
    this.#ctx.lane.countAnswer(this.member!.slot, head.status, performance.now() - this.#attemptMs)
    this.status = head.status
    this.responseBegun = true
    client.writer.begin()
    writeResponseHead(head, bytes, client.head, client.writer.out)
    client.writer.flush()
    this.countSent()
    this.#ctx.lane.countEnd(this.pool!.slot, false)
    client.tunnel(upstream.socket, bytes.subarray(at))
  }

  /** The tunnel that this exchange became has sent so much to the client. */
  tunnelSent(bytes: number): void {
    this.#ctx.lane.addPool(this.pool!.slot, POOL.sentToClients, bytes)
  }

  /** The client's writer has written. A request that no pool saw counts nowhere. */
  countSent(): void {
    if (this.pool === null) return
    const { bytes } = this.#client.writer
    this.#ctx.lane.addPool(this.pool.slot, POOL.sentToClients, bytes - this.#countedBytes)
    this.#countedBytes = bytes
  }

  /** The tunnel that this exchange became has ended. What came with the 101 has been counted by then. */
  tunnelled(fromClient: number, fromServer: number): void {
    const slot = this.member!.slot
    this.#ctx.lane.addMember(slot, MEMBER.bytesSent, fromClient)
    this.#ctx.lane.addMember(slot, MEMBER.bytesReceived, fromServer)
    this.#end()
  }

  lost(loss: Loss): void {
    const member = this.member!
    const reused = this.#upstream !== null && this.#upstream.uses > 0
    this.why = loss
    this.#ctx.lane.addMember(member.slot, MEMBER.failures, 1)
    if (loss === 'connect-failed' || loss === 'connect-timeout') {
      this.#ctx.lane.addMember(member.slot, MEMBER.connectFailures, 1)
      this.pool!.connectFailed(member)
    }
    this.#leave()
    if (this.responseBegun) {
      this.#ctx.lane.countEnd(this.pool!.slot, true)
      this.#end()
      this.#client.broken(this.#untilClose)
    } else if (this.#mayRetry(loss)) {
      this.retried++
      this.#ctx.lane.addPool(this.pool!.slot, POOL.retries, 1)
      this.#tried ??= new Set()
      this.#tried.add(this.#picked)
      this.#attempt(reused, statusOf(loss))
    } else this.#refuse(statusOf(loss))
  }

  drained(): void {
    this.#client.feedMore()
  }

  /** Nobody gave it a connection in time. */
  waitedTooLong(): void {
    this.member?.server.forget(this)
    this.why = 'no-connection'
    this.#leave()
    this.#refuse(503)
  }

  /** The gateway answers this request itself: 408 and 413 while it comes, 503 before a server was asked. */
  fail(status: number, why: string): void {
    this.why = why
    this.#upstream?.abandon()
    this.#leave()
    this.#refuse(status)
  }

  #mayRetry(loss: Loss): boolean {
    const verdict = retryOf({
      loss,
      isSafe: this.#client.head.isSafe,
      bodyBegun: this.#bodyBegun,
      answerBegun: this.#interimSent,
      retried: this.retried,
      retries: this.pool!.retries,
    })
    return verdict === 'free' || (verdict === 'budget' && this.pool!.budget.take(this.#ctx.nowMs))
  }

  /** `otherwise` answers when there is nobody (left) to ask. */
  #attempt(staleBefore: boolean, otherwise: number): void {
    const pool = this.pool!
    if (pool.edition !== this.#edition) {
      this.#edition = pool.edition
      this.#tried = null
    }
    let picked = pool.pick(this.#tried)
    // A kept connection may have died unnoticed: when its server is the only one, a new connection may well succeed.
    if (picked < 0 && staleBefore) picked = pool.pick(null)
    if (picked < 0) {
      this.why ??= 'no-server'
      this.#refuse(otherwise)
      return
    }
    this.#picked = picked
    this.#send(pool.members[picked]!, staleBefore)
  }

  #send(member: Member, fresh: boolean): void {
    this.member = member
    this.#connected = false
    this.#upstream = null
    this.#attemptMs = performance.now()
    this.#holds = true
    this.#ctx.lane.addServer(member.server.slot, 1, 0)
    this.#ctx.lane.addMemberInFlight(member.slot, 1)
    if (!member.server.acquire(this, fresh)) {
      this.why = 'too-many-pending'
      this.#leave()
      this.#refuse(503)
      // What it fed of the body at once may have ended the exchange already.
    } else if (this.#holds && this.#upstream === null) this.#client.waitFor('connection', this.spec.connectMs)
  }

  /** The current attempt holds its server no longer. */
  #leave(): void {
    const member = this.member
    if (member === null || !this.#holds) return
    this.#holds = false
    this.#ctx.lane.addServer(member.server.slot, -1, 0)
    this.#ctx.lane.addMemberInFlight(member.slot, -1)
    if (this.#upstream !== null) {
      this.#ctx.lane.addMember(member.slot, MEMBER.bytesSent, this.#upstream.writer.bytes)
      this.#ctx.lane.addMember(member.slot, MEMBER.bytesReceived, this.#upstream.received)
    }
    this.#upstream = null
    this.#connected = false
  }

  #refuse(status: number): void {
    this.#ctx.lane.addPool(this.pool!.slot, POOL.refused, 1)
    this.#ctx.lane.countEnd(this.pool!.slot, status >= 500)
    this.#end()
    this.#client.refuse(status)
  }

  #end(): void {
    this.#leave()
    this.active = false
    // A part of a slab: kept by an idle connection, it would keep the whole.
    this.#requestHead = null
  }
}
