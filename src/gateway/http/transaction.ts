import type { SpreadSpec } from '../../core/algorithm.ts'
import type { ListenerLimits } from '../../core/balancer.ts'
import { type ClientHop, writeRequestHead } from '../http1/forward.ts'
import type { RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { LISTENER, POOL } from '../lanes.ts'
import type { TunnelSide } from '../tcp/tunnel.ts'
import type { Context } from '../worker/context.ts'
import type { Listener } from '../worker/listeners/listener.ts'
import type { Peer } from '../worker/listeners/peer.ts'
import type { Pool } from '../worker/pools/pool.ts'
import type { Affinity } from './affinity.ts'
import type { ClientSide, ResponseSink } from './client-side.ts'
import { Exchange } from './exchange/exchange.ts'
import type { ExchangeOwner } from './exchange/exchange-owner.ts'
import { BodyFilters } from './filters/body-filters.ts'
import type {
  Answer,
  BodyFilter,
  CopiedRequest,
  Filter,
  Route,
  Transaction,
  WholeAnswer,
} from './filters/filter.ts'
import { hopOf } from './hop.ts'
import { noteRefused } from './log/refused.ts'
import { RequestLog } from './log/request-log.ts'
import { errorReply, type Reply } from './reply.ts'
import { keyOf } from './routing/hash-key.ts'
import { forwardedScheme, type Trust } from './trust.ts'

/**
 * One request from its head to the end of its answer, whatever HTTP its client speaks: route -> filters -> pool -> answer through
 * the filters. Reused from request to request of a connection.
 */
export class ClientTransaction implements Transaction, ExchangeOwner {
  readonly client: ClientSide
  readonly peer: Peer
  readonly exchange: Exchange
  clientAddress: string
  scheme: 'http' | 'https' = 'http'
  bytes: Buffer | null = null
  key = 0
  route: Route | null = null
  pool: Pool | null = null
  /** Of the current request's body. */
  mostBodyBytes = 0
  /** Nothing of the answer has been left to do, or the client is gone. */
  ended = true
  readonly #ctx: Context
  readonly #listener: Listener
  #hop: ClientHop | null = null
  /** Of the listener, as of the last request. */
  #trust: Trust | null = null
  #isPeerTrusted = false
  /** How many of the route's filters have had the request. */
  #filtered = 0
  readonly #bodyFilters: BodyFilters
  /** Of what the client has been sent of this answer, so much is counted. */
  #countedBytes = 0
  #status = 0
  #why: string | null = null
  /** For whatever answer comes. */
  #told = ''
  #withheld: string | null = null
  #startedMs = 0
  /** Its client's session goes on, whoever serves this request of it. */
  #hasSession = false
  /** The member that its session takes it to, by its index when the request went to the pool; -1 = none, or it cannot go there now. */
  #pinned = -1
  readonly #notes = new RequestLog()

  constructor(ctx: Context, listener: Listener, client: ClientSide, peer: Peer) {
    this.#ctx = ctx
    this.#listener = listener
    this.client = client
    this.peer = peer
    this.clientAddress = peer.address
    this.scheme = peer.tls === null ? 'http' : 'https'
    this.exchange = new Exchange(ctx, this)
    this.#bodyFilters = new BodyFilters(client)
  }

  get head(): RequestHead {
    return this.client.head
  }

  get spread(): SpreadSpec | null {
    return this.route!.spread
  }

  get certificateNames(): readonly string[] | null {
    return this.peer.tls?.client?.names ?? null
  }

  get limits(): ListenerLimits {
    return this.#listener.limits
  }

  /** The listener's limit must not cut off a client that waits longer. */
  get responseMs(): number {
    return Math.max(this.limits.responseMs, this.client.patienceMs)
  }

  /** What the client has sent, `bytes`, is no request. */
  noteRefused(status: number, bytes: Buffer): void {
    noteRefused(this.#ctx, { listener: this.#listener, peer: this.peer }, status, bytes)
  }

  /** The client's head is whole, in `bytes`. */
  begin(bytes: Buffer): void {
    const { head } = this.client
    this.bytes = bytes
    this.pool = null
    this.route = null
    this.ended = false
    this.#filtered = 0
    this.#countedBytes = 0
    this.#status = 0
    this.#why = null
    this.#told = ''
    this.#withheld = null
    this.mostBodyBytes = this.limits.bodyBytes
    this.#startedMs = performance.now()
    this.#notes.start(this.#startedMs)
    if (this.#listener.trust !== this.#trust) this.#changeTrust(this.#listener.trust)
    if (this.#isPeerTrusted) this.#lookBehindProxies(bytes)
    if (this.#ctx.makesTraces) this.#notes.trace(head, bytes)
    if (this.#ctx.accessLog !== null) this.#notes.note(head, bytes)
    if (head.body === 'sized' && head.bodyLength > this.mostBodyBytes) {
      this.#reject(413, 'too-large')
      return
    }
    this.route = this.#listener.routes.match(head, bytes, this)
    if (this.route === null) this.#reject(404, 'no-route')
    else this.proceed()
  }

  proceed(): void {
    const { filters, pool, act } = this.route!
    while (this.#filtered < filters.length) {
      const filter = filters[this.#filtered++]!
      if (filter.request?.(this) === 'taken') return
    }
    if (pool !== null) this.forward(pool)
    else act!(this)
  }

  forward(pool: Pool): void {
    const out = this.#ctx.toServer
    this.pool = pool
    const { spread } = this
    this.#pinned = -1
    this.#hasSession = false
    this.key = keyOf(spread?.algorithm ?? pool.algorithm, spread?.hash ?? pool.hash, this)
    if (pool.affinity !== null) this.#findSession(pool.affinity, pool)
    out.discard()
    writeRequestHead(this.client.head, this.bytes!, (this.#hop ??= hopOf(this.peer)), out)
    this.bytes = null
    if (this.exchange.copy !== null) this.#forwardCopied(this.exchange.copy, pool, out.take())
    else this.exchange.start(pool, out.take(), this.#pinned)
  }

  #forwardCopied(copy: CopiedRequest, pool: Pool, requestHead: Buffer): void {
    const isBare = this.head.body === 'none'
    copy.begin(requestHead)
    this.exchange.start(pool, requestHead, this.#pinned)
    if (isBare) copy.end()
  }

  copyTo(copy: CopiedRequest): void {
    this.exchange.copy = copy
  }

  answer(reply: Reply, why: string): void {
    this.#status = reply.status
    this.#why = why
    this.bytes = null
    this.client.answer(this.#told === '' ? reply : { ...reply, lines: reply.lines + this.#told })
  }

  respond(head: ResponseHead, bytes: Buffer): ResponseSink | string {
    const { length } = this.route!.filters
    if (length > 0) return this.#respondThrough(length, { transaction: this, head, bytes })
    this.#answering(head)
    this.client.respond(head, bytes)
    return this.client
  }

  /** Through the filters before the one at `end`, the last one first. */
  #respondThrough(end: number, answer: Answer): ResponseSink | string {
    const { filters } = this.route!
    for (let at = end - 1; at >= 0; at--) {
      const filter = filters[at]!.response?.(answer) ?? null
      if (filter !== null) this.#bodyFilters.add(filter)
    }
    if (this.#withheld !== null) return this.#withheld
    const { head, bytes } = answer
    if (this.exchange.active) this.#answering(head)
    if (this.#told !== '') head.added += this.#told
    this.client.respond(head, bytes)
    const { first } = this.#bodyFilters
    if (first === null) return this.client
    // The body may come in another event, and what is put together must leave within its own.
    this.client.flush()
    return first
  }

  serve(filter: Filter, { head, bytes, body }: WholeAnswer, why: string): void {
    this.#status = head.status
    this.#why = why
    this.bytes = null
    this.#ctx.lane.addListener(this.#listener.slot, LISTENER.cached, 1)
    const end = this.route!.filters.indexOf(filter)
    const sink = this.#respondThrough(end, { transaction: this, head, bytes })
    if (typeof sink === 'string') {
      this.answer(errorReply(502), sink)
      return
    }
    if (body.length > 0) sink.data(body, 0, body.length)
    sink.flush()
    if (sink.end(null)) this.finished()
  }

  #findSession(affinity: Affinity, pool: Pool): void {
    const member = pool.sessionWith(affinity.find(this.client.head, this.bytes!))
    this.#hasSession = member >= 0
    this.#pinned = this.#hasSession && pool.takesNow(member) ? member : -1
  }

  /** A server's answer is about to go to the client: not one that a cache has kept, which is nobody's session. */
  #answering(head: ResponseHead): void {
    const { affinity } = this.pool!
    this.exchange.status = head.status
    if (affinity === null || this.#hasSession) return
    head.added += affinity.line(this.exchange.member!.id, this.scheme)
  }

  tell(lines: string): void {
    this.#told += lines
  }

  limitBody(bytes: number): void {
    this.mostBodyBytes = Math.min(this.mostBodyBytes, bytes)
  }

  withhold(why: string): void {
    this.#withheld = why
  }

  breakOff(why: string): void {
    if (this.ended) return
    this.exchange.abort(why)
    this.exchange.why = why
    this.broken()
  }

  finished(): void {
    this.#end(this.#status || this.exchange.status, this.#why)
    this.client.finished()
  }

  /** For the client's side, after `answer`: it has been written. */
  replied(): void {
    this.countSent()
    this.#end(this.#status, this.#why)
  }

  refused(status: number): void {
    for (const filter of this.route!.filters) if (filter.refused?.(this) === true) return
    this.answer(errorReply(status), this.exchange.why ?? 'refused')
  }

  broken(): void {
    this.#end(this.exchange.status, this.exchange.why)
    this.client.broken()
  }

  tunnel(server: TunnelSide, early: Buffer): void {
    this.client.tunnel(server, early)
  }

  /** The tunnel has ended; bytes that came with the two heads are among them. */
  tunnelled(fromClient: number, fromServer: number, why: string | null): void {
    this.exchange.tunnelled(fromClient, fromServer)
    this.#end(this.exchange.status, why)
  }

  /** The client is gone, or does not take its answer: nobody waits any more. */
  abort(why: string): void {
    if (this.ended) return
    this.exchange.abort(why)
    this.#end(this.#status || this.exchange.status, why)
  }

  /** The request's body is not as it should be, or does not come. */
  fail(status: number, why: string): void {
    if (this.exchange.responseBegun) {
      this.exchange.abort(why)
      this.broken()
    } else if (this.exchange.active) this.exchange.fail(status, why)
    else this.answer(errorReply(status), why)
  }

  /** The client takes bytes again. */
  clientDrained(): void {
    if (!this.#bodyFilters.clientDrained()) this.exchange.clientDrained()
  }

  awaitRoom(): void {
    this.client.waitFor('room', this.limits.idleMs)
  }

  drained(filter: BodyFilter): void {
    if (!this.#bodyFilters.drained(filter)) this.exchange.clientDrained()
  }

  /** The client's side has written. A request that no pool saw counts nowhere. */
  countSent(): void {
    if (this.pool === null) return
    const { sent } = this.client
    this.#ctx.lane.addPool(this.pool.slot, POOL.sentToClients, sent - this.#countedBytes)
    this.#countedBytes = sent
  }

  /** Refused before any pool saw it. */
  #reject(status: number, why: string): void {
    this.#ctx.lane.addListener(this.#listener.slot, LISTENER.rejected, 1)
    this.answer(errorReply(status), why)
  }

  /** Nothing more comes of this request. */
  #end(status: number, why: string | null): void {
    this.ended = true
    this.bytes = null
    if (this.route !== null) this.#countFor(this.route, status, why)
    if (this.#ctx.accessLog !== null) this.#log(status, why)
    if (this.#filtered > 0) this.#endFilters()
    if (this.exchange.copy !== null) this.exchange.dropCopy()
  }

  #countFor({ trafficClass, arms }: Route, status: number, why: string | null): void {
    if (trafficClass !== null) this.#countIn(trafficClass.slot, status, why)
    const arm = arms === undefined || this.pool === null ? undefined : arms.get(this.pool)
    if (arm !== undefined) this.#countIn(arm, status, why)
  }

  /** An answer of 5xx, or none that is whole, is an error, whoever gave it. */
  #countIn(slot: number, status: number, why: string | null): void {
    const { sent } = this.client
    const isBroken = this.#status === 0 && status < 500 && this.exchange.responseBegun && why !== null
    const ms = performance.now() - this.#startedMs
    this.#ctx.lane.countInClass(slot, { failed: status === 0 || status >= 500 || isBroken, sent, ms })
  }

  #endFilters(): void {
    this.#bodyFilters.abort()
    const filters = this.route!.filters
    for (let at = 0; at < this.#filtered; at++) filters[at]!.end?.(this)
    this.#filtered = 0
  }

  #changeTrust(trust: Trust | null): void {
    const { address } = this.peer
    const hop = (this.#hop ??= hopOf(this.peer))
    this.#trust = trust
    this.#isPeerTrusted = trust?.trusts(address) ?? false
    hop.lists = trust === null ? 'continued' : this.#isPeerTrusted ? trust.header : 'dropped'
    this.clientAddress = address
    this.scheme = hop.scheme
  }

  /** Who asks the trusted peer, and how. */
  #lookBehindProxies(bytes: Buffer): void {
    const { head, peer } = this
    this.clientAddress = this.#trust!.clientOf(head, bytes, peer.address)
    this.#hop!.client = this.clientAddress
    this.scheme = forwardedScheme(head, bytes) ?? this.#hop!.scheme
  }

  #log(status: number, why: string | null): void {
    const entry = this.#notes.entry({
      listener: this.#listener.name,
      client: this.client,
      clientAddress: this.clientAddress,
      peer: this.peer,
      exchange: this.exchange,
      pool: this.pool,
      class: this.route?.trafficClass?.name ?? null,
      status,
      why,
    })
    this.#ctx.accessLog!.add(entry)
  }
}
