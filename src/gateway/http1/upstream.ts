import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { messageOf } from '../../core/fault.ts'
import type { Loss, ServerSide, ServerTlsFacts, ServerUser } from '../http/server-side.ts'
import { tlsFactsOf } from '../tls/server-context.ts'
import type { Context } from '../worker/context.ts'
import type { Peer } from '../worker/listeners/peer.ts'
import { dial, type Endpoint } from '../worker/pools/dial.ts'
import { type Memory, Reads, readInto } from '../worker/reads.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { BodyReader } from './body-reader.ts'
import { CHUNK_DATA, CHUNK_END, CHUNK_MORE } from './chunked.ts'
import type { HeadLimits } from './header-lines.ts'
import { MessageWriter } from './message-writer.ts'
import { parseResponseHead, ResponseHead } from './response-head.ts'

const RESPONSE_LIMITS: HeadLimits = { headerBytes: 64 * 1024, headerCount: 256 }
const MOST_IDLE_MS = 60_000
/** So much earlier than the server announced is a connection given up, lest both sides act at once. */
const IDLE_MARGIN_MS = 1_000

/** Whose connection it is: the server's pool. */
export interface UpstreamOwner extends Endpoint {
  released(upstream: Upstream): void
  closed(upstream: Upstream): void
}

/** Who has a connection opened, and uses it first. */
export interface UpstreamOpener extends ServerUser {
  readonly connectMs: number
  /** Whose request it is. */
  readonly peer: Peer
}

/** One HTTP/1.1 connection to a server: connecting -> busy <-> idle -> closed. One request at a time. */
export class Upstream implements ServerSide {
  uses = 0
  received = 0
  tls: ServerTlsFacts | null = null
  readonly #socket: Socket
  /** Null = plain reading, which encrypted connections have. */
  readonly #reads: Reads | null
  readonly #writer: MessageWriter
  readonly #ctx: Context
  readonly #owner: UpstreamOwner
  readonly #timer: Timer
  readonly #head = new ResponseHead(RESPONSE_LIMITS)
  readonly #body = new BodyReader()
  #user: ServerUser | null
  #connected = false
  #awaitsHead = true
  #rest: Buffer | null = null
  #switched = false

  constructor(ctx: Context, owner: UpstreamOwner, user: UpstreamOpener) {
    this.#ctx = ctx
    this.#owner = owner
    this.#user = user
    this.#timer = new Timer(() => this.#lose(this.#connected ? 'timeout' : 'connect-timeout'))
    this.#reads = owner.tls === null ? new Reads(ctx.readBuffers) : null
    this.#socket = dial(owner, user.peer, () => this.#onConnect(), this.#reads)
    this.#writer = new MessageWriter(this.#socket, ctx.toServer)
    this.#socket.on('error', (error) => this.#onError(error))
    const taker = {
      onRead: (bytes: Buffer) => this.#onRead(bytes),
      onData: (bytes: Buffer) => this.#onData(bytes),
    }
    readInto(taker, this.#socket, this.#reads)
    this.#socket.on('drain', () => this.#user?.drained())
    this.#socket.on('end', () => this.#onEnd())
    this.#socket.on('close', () => this.#onClose())
    ctx.wheel.arm(this.#timer, user.connectMs)
  }

  /** For the owner: may this idle connection be given to a request? */
  get usable(): boolean {
    return !this.#socket.destroyed && !this.#socket.readableEnded && this.#socket.writable
  }

  /** For the owner: the next request takes it. */
  take(user: ServerUser): void {
    this.#ctx.wheel.disarm(this.#timer)
    this.#user = user
    this.uses++
    this.received = 0
    this.#writer.bytes = 0
    user.connected(this)
  }

  expect(toHead: boolean, toUpgrade: boolean): void {
    this.#head.toHead = toHead
    this.#head.toUpgrade = toUpgrade
    this.#head.scanned = 0
    this.#awaitsHead = true
  }

  get sent(): number {
    return this.#writer.bytes
  }

  get memory(): Memory {
    return this.#writer.memory
  }

  get isPaused(): boolean {
    return this.#socket.isPaused()
  }

  whole(head: Buffer): void {
    this.#writer.whole(head)
  }

  begin(head: Buffer | null): void {
    this.#writer.begin()
    if (head !== null) this.#writer.out.add(head)
  }

  data(chunked: boolean, bytes: Buffer, start: number, end: number): void {
    this.#writer.data(chunked, bytes, start, end)
  }

  end(chunked: boolean, trailers: Buffer | null): void {
    this.#writer.end(chunked, trailers)
  }

  flush(): boolean {
    return this.#writer.flush()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(isSettled: boolean): void {
    if (isSettled) this.#reads?.settle()
    this.#socket.resume()
  }

  awaitWithin(ms: number): void {
    this.#ctx.wheel.arm(this.#timer, ms)
  }

  stopWaiting(): void {
    this.#ctx.wheel.disarm(this.#timer)
  }

  /** After `answered`: back to the pool if both sides would keep it, else closed. `idleMs` holds if the server announced nothing. */
  release(reusable: boolean, idleMs: number): void {
    this.#user = null
    this.#reads?.forget()
    const announced = this.#head.keepAliveMs
    const keepMs = announced < 0 ? idleMs : Math.min(MOST_IDLE_MS, announced - IDLE_MARGIN_MS)
    const isOneClients = this.#owner.proxyProtocol !== null
    if (
      !reusable ||
      isOneClients ||
      !this.#head.keepAlive ||
      this.#rest !== null ||
      keepMs <= 0 ||
      !this.usable ||
      // Of a request that was answered early: it would stand in the way of the next one.
      this.#socket.writableLength > 0
    ) {
      this.#socket.destroy()
      return
    }
    this.#ctx.wheel.arm(this.#timer, keepMs)
    this.#socket.resume()
    this.#owner.released(this)
  }

  abandon(): void {
    this.#user = null
    this.#socket.destroy()
  }

  #onConnect(): void {
    this.#connected = true
    if (this.#owner.tls !== null) this.tls = tlsFactsOf(this.#socket as TLSSocket)
    this.#ctx.wheel.disarm(this.#timer)
    if (this.#user === null) this.#socket.destroy()
    else this.#user.connected(this)
  }

  #onRead(bytes: Buffer): Memory {
    const user = this.#user
    this.#onData(bytes)
    if (user === null || this.#rest !== null || this.#switched) return 'kept'
    return user.memory
  }

  #onData(chunk: Buffer): void {
    if (this.#switched) return
    this.received += chunk.length
    // An answer that broke off within an event may have left a part of itself there.
    this.#ctx.toClient.discard()
    const user = this.#user
    // Bytes that nobody asked for: whatever they are, they are not an answer to a later request.
    if (user === null) this.#socket.destroy()
    else this.#read(user, this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]))
  }

  #read(user: ServerUser, bytes: Buffer): void {
    this.#rest = null
    let at = 0
    while (this.#awaitsHead) {
      const end = parseResponseHead(bytes, at, bytes.length, this.#head)
      if (end < 0) {
        this.#lose('bad-response')
        return
      }
      if (end === 0) {
        this.#rest = at === 0 ? bytes : bytes.subarray(at)
        user.flush()
        return
      }
      at = end
      this.#takeHead(user, bytes, at)
      if (this.#user !== user || this.#switched) return
    }
    this.#readBody(user, bytes, at)
  }

  #takeHead(user: ServerUser, bytes: Buffer, at: number): void {
    const head = this.#head
    if (head.isInterim) {
      user.interim(head, bytes)
      return
    }
    if (head.status === 101) {
      this.#switched = true
      this.#user = null
      this.#ctx.wheel.release(this.#timer)
      user.switched(head, bytes, { stream: this.#socket, reads: this.#reads, at })
      return
    }
    this.#awaitsHead = false
    this.#body.begin(head.body, head.bodyLength)
    user.head(head, bytes)
  }

  #readBody(user: ServerUser, bytes: Buffer, from: number): void {
    const body = this.#body
    let found = body.next(bytes, from, bytes.length)
    while (found === CHUNK_DATA) {
      user.body(bytes, body.dataStart, body.dataEnd)
      found = body.next(bytes, body.position, bytes.length)
    }
    if (found === CHUNK_MORE) {
      user.flush()
      return
    }
    if (found !== CHUNK_END) {
      this.#lose('bad-response')
      return
    }
    if (body.position < bytes.length) this.#rest = bytes.subarray(body.position)
    this.#ctx.wheel.disarm(this.#timer)
    user.answered(body.trailers)
  }

  #onEnd(): void {
    if (this.#switched) return
    const user = this.#user
    if (user !== null && !this.#awaitsHead && this.#body.endOfInput()) {
      this.#ctx.toClient.discard()
      this.#head.keepAlive = false
      user.answered(null)
    } else this.#lost()
  }

  #onError(error: Error): void {
    const isTls = !this.#connected && this.#owner.tls !== null && !('syscall' in error)
    if (isTls) this.#ctx.warn(`TLS to ${this.#owner.host}:${this.#owner.port} failed: ${messageOf(error)}`)
    if (isTls) this.#lose('tls-failed')
    else this.#lost()
  }

  /** The connection is gone or of no more use: what that means depends on how far it was. */
  #lost(): void {
    if (!this.#connected) this.#lose('connect-failed')
    else this.#lose(this.#awaitsHead ? 'reset' : 'truncated')
  }

  #lose(loss: Loss): void {
    const user = this.#user
    this.#user = null
    this.#socket.destroy()
    user?.lost(loss)
  }

  #onClose(): void {
    this.#ctx.wheel.release(this.#timer)
    this.#owner.closed(this)
    this.#lost()
  }
}
