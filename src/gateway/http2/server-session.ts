import type { Buffer } from 'node:buffer'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect,
} from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { messageOf } from '../../core/fault.ts'
import type { Loss, ServerTlsFacts } from '../http/server-side.ts'
import { tlsFactsOf } from '../tls/server-context.ts'
import type { Context } from '../worker/context.ts'
import { dial, type Endpoint } from '../worker/pools/dial.ts'
import type { Waiter } from '../worker/pools/waiter.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { requestHeaders } from './request-headers.ts'
import { ServerStream, type ServerStreamOwner } from './server-stream.ts'

/** Streams at once, until the server has said how many it takes, and at most. */
const MOST_STREAMS = 100
/** So often a connection with open streams is asked whether it is still there; its answer must come within the half of it. */
const PING_MS = 10_000
const MOST_SPARE = 16
const MOST_FIELDS = 256
/** The types leave out `strictSingleValueFields` of clients, which the documentation has. */
const OPTIONS: ClientSessionOptions & { readonly strictSingleValueFields: boolean } = {
  peerMaxConcurrentStreams: MOST_STREAMS,
  maxHeaderListPairs: MOST_FIELDS + 1,
  strictSingleValueFields: false,
  settings: { enablePush: false, maxHeaderListSize: 64 * 1024 },
}

/** Whose connection it is. */
export interface ServerSessionOwner {
  readonly endpoint: Endpoint
  /** It may take more streams. */
  hasRoom(session: ServerSession): void
  closed(session: ServerSession): void
}

/** One HTTP/2 connection to a server: connecting -> open -> closing (to new streams) -> closed. */
export class ServerSession implements ServerStreamOwner {
  readonly ctx: Context
  tls: ServerTlsFacts | null = null
  readonly #owner: ServerSessionOwner
  readonly #socket: Socket
  readonly #timer: Timer
  readonly #streams = new Set<ServerStream>()
  readonly #spare: ServerStream[] = []
  #session: ClientHttp2Session | null = null
  #most = MOST_STREAMS
  #uses = 0
  #isClosing = false
  #isPinging = false

  constructor(ctx: Context, owner: ServerSessionOwner, opener: Waiter) {
    this.ctx = ctx
    this.#owner = owner
    this.#timer = new Timer(() => this.#timedOut())
    this.#socket = dial(owner.endpoint, opener.peer, () => this.#onConnect())
    this.#socket.on('error', (error) => this.#onError(error))
    this.#socket.on('end', () => this.#socket.destroy())
    this.#socket.on('close', () => this.#onClose())
    ctx.wheel.arm(this.#timer, opener.connectMs)
  }

  get takesMore(): boolean {
    return !this.#isClosing && this.#streams.size < this.#most && this.#session?.closed !== true
  }

  /** It is open, and carries nothing. */
  get isIdle(): boolean {
    return !this.#isClosing && this.#session !== null && this.#streams.size === 0
  }

  /** A request gets a stream of it. */
  take(waiter: Waiter): void {
    const stream = this.#spare.pop() ?? new ServerStream(this)
    this.#streams.add(stream)
    stream.take(waiter, this.#uses++)
    if (this.#session === null) waiter.connecting(stream)
    else {
      if (this.#streams.size === 1) this.#watch()
      waiter.connected(stream)
    }
  }

  /** No new streams; it ends after those that run. */
  end(): void {
    this.#isClosing = true
    if (this.#session === null) this.#socket.destroy()
    else if (this.#streams.size === 0) this.#close()
  }

  request(head: Buffer, endStream: boolean): ClientHttp2Stream | null {
    const session = this.#session
    if (session === null || session.closed || session.destroyed) return null
    const scheme = this.#owner.endpoint.tls === null ? 'http' : 'https'
    return session.request(requestHeaders(head, scheme), { endStream })
  }

  left(stream: ServerStream, idleMs: number | null): void {
    this.#streams.delete(stream)
    if (this.#spare.length < MOST_SPARE) this.#spare.push(stream)
    else stream.free()
    if (this.#streams.size === 0) this.#rest(idleMs)
    if (this.takesMore) this.#owner.hasRoom(this)
  }

  #rest(idleMs: number | null): void {
    if (this.#isClosing || idleMs === 0) this.#close()
    else if (idleMs !== null) this.ctx.wheel.arm(this.#timer, idleMs)
    else this.#watch()
  }

  /** A peer that fell silent would hold every stream until its own time is over. */
  #watch(): void {
    this.ctx.wheel.arm(this.#timer, this.#isPinging ? PING_MS / 2 : PING_MS)
  }

  #timedOut(): void {
    if (this.#session === null) this.#fail('connect-timeout')
    else if (this.#streams.size === 0) this.#close()
    else if (this.#isPinging) this.#socket.destroy()
    else this.#ping(this.#session)
  }

  #ping(session: ClientHttp2Session): void {
    this.#isPinging = true
    this.#watch()
    const isSent = session.ping(() => {
      this.#isPinging = false
      if (!this.#socket.destroyed) this.#watch()
    })
    if (!isSent) this.#socket.destroy()
  }

  #onConnect(): void {
    const { endpoint } = this.#owner
    if (endpoint.tls !== null) {
      this.tls = tlsFactsOf(this.#socket as TLSSocket)
      if ((this.#socket as TLSSocket).alpnProtocol !== 'h2') {
        this.ctx.warn(`${endpoint.host}:${endpoint.port} does not agree to HTTP/2 by ALPN`)
        this.#fail('tls-failed')
        return
      }
    }
    const scheme = endpoint.tls === null ? 'http' : 'https'
    const session = connect(`${scheme}://gateway`, { ...OPTIONS, createConnection: () => this.#socket })
    session.on('error', () => session.destroy())
    session.on('remoteSettings', ({ maxConcurrentStreams = MOST_STREAMS }) => {
      this.#most = Math.min(MOST_STREAMS, maxConcurrentStreams)
      if (this.takesMore) this.#owner.hasRoom(this)
    })
    session.on('goaway', () => this.end())
    session.on('close', () => this.#socket.destroy())
    this.#session = session
    this.#watch()
    for (const stream of [...this.#streams]) stream.connected()
    if (this.#streams.size === 0) this.#rest(null)
  }

  #onError(error: Error): void {
    const { endpoint } = this.#owner
    const isTls = this.#session === null && endpoint.tls !== null && !('syscall' in error)
    if (isTls) this.ctx.warn(`TLS to ${endpoint.host}:${endpoint.port} failed: ${messageOf(error)}`)
    if (isTls) this.#fail('tls-failed')
    this.#socket.destroy()
  }

  /** It never came to be. */
  #fail(loss: Loss): void {
    this.#isClosing = true
    for (const stream of [...this.#streams]) stream.lose(loss)
    this.#socket.destroy()
  }

  /** In good order: nothing runs. */
  #close(): void {
    this.#isClosing = true
    if (this.#session === null) this.#socket.destroy()
    else this.#session.destroy()
  }

  #onClose(): void {
    this.#session?.destroy()
    this.#isClosing = true
    for (const stream of [...this.#streams]) stream.lose(this.#session === null ? 'connect-failed' : 'reset')
    this.ctx.wheel.release(this.#timer)
    for (const stream of this.#spare.splice(0)) stream.free()
    this.#owner.closed(this)
  }
}
