import type { Duplex } from 'node:stream'
import type { ListenerLimits, UpstreamSpec } from '../../core/balancer.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { MEMBER, POOL } from '../lanes.ts'
import type { Context } from '../worker/context.ts'
import type { Member, Pool } from '../worker/pool.ts'
import type { Waiter } from '../worker/server.ts'
import type { ClientSide, ResponseSink } from './client-side.ts'
import { retryOf, statusOf } from './retry.ts'
import type { Loss, ServerSide } from './server-side.ts'

/** Whose exchange it is. */
export interface ExchangeOwner {
  readonly client: ClientSide
  readonly limits: ListenerLimits
  /** The answer's head goes to the client; gives where its body goes. */
  respond(head: ResponseHead, bytes: Buffer): ResponseSink
  /** The answer has been given whole. */
  finished(): void
  /** No server has answered: the gateway does. */
  refused(status: number): void
  /** An answer has been begun that will never be whole. */
  broken(): void
  /** 101 was the answer. */
  tunnel(server: Duplex, early: Buffer): void
}

/** A request's attempts on servers, and the answer of the one that succeeds. Reused from request to request. */
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
  readonly #owner: ExchangeOwner
  readonly #client: ClientSide
  #server: ServerSide | null = null
  #connected = false
  #requestHead: Buffer | null = null
  #bodyBegun = false
  #interimSent = false
  #sink: ResponseSink
  #holds = false
  #attemptMs = 0
  /** Indices into the pool's members as of `#edition`. */
  #picked = -1
  #tried: Set<number> | null = null
  #edition = 0

  constructor(ctx: Context, owner: ExchangeOwner) {
    this.#ctx = ctx
    this.#owner = owner
    this.#client = owner.client
    this.#sink = owner.client
  }

  get spec(): UpstreamSpec {
    return this.pool!.spec
  }

  /** A server has the head, and not all of the body: what comes of it goes there. Between two attempts nobody takes it. */
  get takesBody(): boolean {
    return this.#connected && !this.requestDone
  }

  /** `requestHead`: what every attempt sends. */
  start(pool: Pool, requestHead: Buffer): void {
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
    this.#ctx.lane.addPool(pool.slot, POOL.requests, 1)
    pool.budget.arrive(this.#ctx.nowMs)
    this.#requestHead = requestHead
    this.#attempt(false, 503)
  }

  /** More of the request's body comes; `requestFlush` ends it within the same event. `feed` needs no beginning. */
  requestBegin(): void {
    this.#server!.begin(null)
  }

  requestData(bytes: Buffer, start: number, end: number): void {
    this.#bodyBegun = true
    this.#server!.data(this.#client.head.body === 'chunked', bytes, start, end)
  }

  requestEnd(trailers: Buffer | null): void {
    this.requestDone = true
    this.#server!.end(this.#client.head.body === 'chunked', trailers)
  }

  /** False = the server takes no more for now. */
  requestFlush(): boolean {
    const server = this.#server!
    const takesMore = server.flush()
    // A paused answer waits for the client, not for the server.
    const waits = (this.requestDone || !takesMore) && !server.isPaused
    if (waits) server.awaitWithin(this.#owner.limits.responseMs)
    else server.stopWaiting()
    return takesMore
  }

  /** The answer's way takes bytes again. */
  clientDrained(): void {
    const server = this.#server
    if (server === null || !this.#connected) return
    server.resume()
    if (this.requestDone) server.awaitWithin(this.#owner.limits.responseMs)
  }

  /** The client is gone, or has broken its side: nothing more is wanted of the server. */
  abort(why: string): void {
    if (!this.active) return
    this.why = why
    this.member?.server.forget(this)
    this.#server?.abandon()
    this.#end()
  }

  connecting(server: ServerSide): void {
    this.#server = server
    this.#client.waitFor(null, 0)
  }

  connected(server: ServerSide): void {
    const client = this.#client
    const member = this.member!
    const lane = this.#ctx.lane
    this.#server = server
    this.#connected = true
    lane.addMember(member.slot, MEMBER.requests, 1)
    lane.addMember(member.slot, server.uses === 0 ? MEMBER.opened : MEMBER.reused, 1)
    this.pool!.reached(member)
    client.waitFor(null, 0)
    // Where a request with a body would end in a tunnel, nobody could tell.
    server.expect(client.head.isHead, client.head.upgrade !== '' && client.head.body === 'none')
    if (client.head.body === 'none') {
      this.requestDone = true
      server.whole(this.#requestHead!)
      server.awaitWithin(this.#owner.limits.responseMs)
      return
    }
    server.begin(this.#requestHead)
    client.feed()
  }

  interim(head: ResponseHead, bytes: Buffer): void {
    const client = this.#client
    if (client.head.versionMinor === 0 || (head.status === 100 && client.head.expectContinue)) return
    this.#interimSent = true
    client.interim(head, bytes)
  }

  head(head: ResponseHead, bytes: Buffer): void {
    this.#ctx.lane.countAnswer(this.member!.slot, head.status, performance.now() - this.#attemptMs)
    this.responseBegun = true
    this.status = head.status
    this.why = null
    this.#sink = this.#owner.respond(head, bytes)
  }

  body(bytes: Buffer, start: number, end: number): void {
    this.#sink.data(bytes, start, end)
  }

  flush(): void {
    if (!this.responseBegun) return
    const server = this.#server!
    if (!this.#sink.flush()) {
      server.pause()
      server.stopWaiting()
      this.#client.waitFor('room', this.#owner.limits.idleMs)
    } else if (this.requestDone) server.awaitWithin(this.#owner.limits.responseMs)
  }

  answered(trailers: Buffer | null): void {
    const server = this.#server!
    const isGiven = this.#sink.end(this.#client.head.acceptsTrailers ? trailers : null)
    this.#ctx.lane.countEnd(this.pool!.slot, this.status >= 500)
    const idleMs = this.spec.idleMs
    const whole = this.requestDone
    this.#end()
    server.release(whole, idleMs)
    if (isGiven) this.#owner.finished()
  }

  switched(head: ResponseHead, bytes: Buffer, tunnel: { stream: Duplex; at: number }): void {
    this.#ctx.lane.countAnswer(this.member!.slot, head.status, performance.now() - this.#attemptMs)
    this.status = head.status
    this.responseBegun = true
    this.#client.respond(head, bytes)
    this.#client.flush()
    this.#ctx.lane.countEnd(this.pool!.slot, false)
    this.#owner.tunnel(tunnel.stream, bytes.subarray(tunnel.at))
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
    const reused = this.#server !== null && this.#server.uses > 0
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
      this.#owner.broken()
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
    this.#server?.abandon()
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
    this.#server = null
    this.#attemptMs = performance.now()
    this.#holds = true
    this.#ctx.lane.addServer(member.server.slot, 1, 0)
    this.#ctx.lane.addMemberInFlight(member.slot, 1)
    if (!member.server.acquire(this, fresh)) {
      this.why = 'too-many-pending'
      this.#leave()
      this.#refuse(503)
      // What it fed of the body at once may have ended the exchange already.
    } else if (this.#holds && this.#server === null) this.#client.waitFor('connection', this.spec.connectMs)
  }

  /** The current attempt holds its server no longer. */
  #leave(): void {
    const member = this.member
    if (member === null || !this.#holds) return
    this.#holds = false
    this.#ctx.lane.addServer(member.server.slot, -1, 0)
    this.#ctx.lane.addMemberInFlight(member.slot, -1)
    if (this.#server !== null) {
      this.#ctx.lane.addMember(member.slot, MEMBER.bytesSent, this.#server.sent)
      this.#ctx.lane.addMember(member.slot, MEMBER.bytesReceived, this.#server.received)
    }
    this.#server = null
    this.#connected = false
  }

  #refuse(status: number): void {
    this.#ctx.lane.addPool(this.pool!.slot, POOL.refused, 1)
    this.#ctx.lane.countEnd(this.pool!.slot, status >= 500)
    this.#end()
    this.#owner.refused(status)
  }

  #end(): void {
    this.#leave()
    this.active = false
    // A part of a slab: kept by an idle connection, it would keep the whole.
    this.#requestHead = null
  }
}
