import type { Socket } from 'node:net'
import type { ListenerLimits } from '../../core/balancer.ts'
import { CHUNK_DATA, CHUNK_END, CHUNK_MORE } from '../http1/chunked.ts'
import { errorPage } from '../http1/error-page.ts'
import { fieldText } from '../http1/field-text.ts'
import { ClientHop } from '../http1/forward.ts'
import { parseRequestHead, RequestHead } from '../http1/request-head.ts'
import { LISTENER } from '../lanes.ts'
import { BodyReader } from './body-reader.ts'
import type { Context } from './context.ts'
import { Exchange, type ExchangeClient } from './exchange.ts'
import type { Connection, Listener } from './listener.ts'
import { MessageWriter } from './message-writer.ts'
import { Timer } from './timer-wheel.ts'
import { Tunnel } from './tunnel.ts'

const NOTHING = Buffer.alloc(0)
const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')
/** How long a closed connection is still read, so that its last answer is not lost to a reset. */
const LINGER_MS = 2_000

/** waiting (for a request's head) -> exchange -> waiting ...; closing or tunnel at the end. */
type State = 'waiting' | 'exchange' | 'closing' | 'tunnel'
/** What the connection's one timer stands for. */
type Awaited = 'nothing' | 'first-byte' | 'head' | 'request' | 'body' | 'connection' | 'room' | 'end'

/** One client's HTTP/1.1 connection: requests in order, one at a time; what comes early waits in the socket. */
export class ClientConnection implements ExchangeClient, Connection {
  readonly socket: Socket
  readonly writer: MessageWriter
  readonly head: RequestHead
  readonly #ctx: Context
  readonly #listener: Listener
  readonly #timer: Timer
  readonly #body = new BodyReader()
  readonly #exchange: Exchange
  #state: State = 'waiting'
  #awaited: Awaited = 'nothing'
  #input: Buffer | null = null
  #at = 0
  #pumping = false
  #headBytes = 0
  #bodyBytes = 0
  #hop: ClientHop | null = null
  #address = ''
  #startedMs = 0
  #target = ''
  #referer: string | null = null
  #userAgent: string | null = null
  #tunnel: Tunnel | null = null

  constructor(ctx: Context, listener: Listener, socket: Socket) {
    this.#ctx = ctx
    this.#listener = listener
    this.socket = socket
    this.writer = new MessageWriter(socket, ctx.toClient)
    this.head = new RequestHead(listener.limits)
    this.#exchange = new Exchange(ctx, this)
    this.#timer = new Timer(() => this.#timedOut())
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => this.#onData(chunk))
    socket.on('drain', () => this.#onDrain())
    socket.on('end', () => this.#onEnd())
    socket.on('finish', () => this.#onFinish())
    socket.on('close', () => this.#onClose())
    ctx.lane.addListenerConnections(listener.slot, 1)
    listener.connections.add(this)
    this.#await('first-byte', listener.limits.firstByteMs)
  }

  get limits(): ListenerLimits {
    return this.#listener.limits
  }

  get keeps(): boolean {
    return this.head.keepAlive && !this.#ctx.draining && !this.#listener.gone
  }

  endWhenIdle(): void {
    if (this.#state === 'waiting' && this.#input === null) this.#close()
  }

  destroy(): void {
    this.#tunnel?.destroy('shutdown')
    this.socket.destroy()
  }

  feed(): void {
    if (this.head.expectContinue && this.#input === null) {
      this.head.expectContinue = false
      this.writer.whole(CONTINUE)
    }
    this.#feedBody()
  }

  feedMore(): void {
    if (!this.#exchange.takesBody) return
    this.#exchange.requestBegin()
    this.#feedBody()
  }

  waitFor(what: 'connection' | 'room' | null, ms: number): void {
    if (what === null) this.#await('nothing', 0)
    else this.#await(what, ms)
  }

  refuse(status: number): void {
    const whole = this.#requestIsWhole()
    const close = !whole || !this.keeps || this.head.versionMinor === 0
    this.#log(status, this.#exchange.why)
    this.writer.whole(errorPage(status, { close, head: this.head.isHead, date: this.#ctx.date }))
    this.#exchange.countSent()
    if (close) this.#close()
    else this.#awaitRequest()
  }

  finished(untilClose: boolean): void {
    this.#log(this.#exchange.status, null)
    if (untilClose || !this.#requestIsWhole() || !this.keeps) this.#close()
    else this.#awaitRequest()
  }

  broken(untilClose: boolean): void {
    this.#log(this.#exchange.status, this.#exchange.why)
    this.#state = 'closing'
    if (untilClose) this.socket.resetAndDestroy()
    else this.socket.destroy()
  }

  tunnel(upstream: Socket, early: Buffer): void {
    this.#state = 'tunnel'
    this.#ctx.wheel.release(this.#timer)
    if (early.length > 0) {
      this.socket.write(early)
      this.#exchange.tunnelSent(early.length)
    }
    const late = this.#input?.subarray(this.#at) ?? NOTHING
    if (late.length > 0) upstream.write(late)
    this.#input = null
    const time = { wheel: this.#ctx.wheel, idleMs: this.limits.idleMs }
    this.#tunnel = new Tunnel({ client: this.socket, server: upstream }, time, {
      onSent: (bytes) => this.#exchange.tunnelSent(bytes),
      onEnd: (end) => {
        this.#exchange.tunnelled(end.fromClient + late.length, end.fromServer)
        this.writer.bytes += end.fromServer + early.length
        this.#bodyBytes += end.fromClient + late.length
        this.#log(101, end.why)
      },
    })
  }

  #onData(chunk: Buffer): void {
    if (this.#state === 'closing' || this.#state === 'tunnel') return
    const rest = this.#input
    this.#input = rest === null ? chunk : Buffer.concat([rest.subarray(this.#at), chunk])
    this.#at = 0
    if (this.#state === 'waiting') this.#pump()
    else if (this.#exchange.takesBody) {
      this.#exchange.requestBegin()
      this.#feedBody()
    } else this.socket.pause()
  }

  /** Answers requests as long as there are whole heads and room for answers. */
  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    while (this.#state === 'waiting' && this.#input !== null && !this.socket.writableNeedDrain) {
      if (!this.#nextRequest(this.#input)) break
    }
    this.#pumping = false
    if (this.#state !== 'waiting') return
    if (this.socket.writableNeedDrain) this.socket.pause()
    else if (this.socket.isPaused()) this.socket.resume()
  }

  /** False = the head is not whole yet. */
  #nextRequest(input: Buffer): boolean {
    this.head.limits = this.limits
    const end = parseRequestHead(input, this.#at, input.length, this.head)
    if (end === 0) {
      if (this.#awaited !== 'head') this.#await('head', this.limits.headerMs)
      return false
    }
    if (end < 0) {
      this.#refuseHead(-end)
      return true
    }
    const start = this.#at
    this.#takeTo(end)
    this.#begin(input, start, end)
    return true
  }

  #begin(input: Buffer, start: number, end: number): void {
    const { head, limits } = this
    this.#state = 'exchange'
    this.#await('nothing', 0)
    this.#startedMs = performance.now()
    this.#headBytes = end - start
    this.#bodyBytes = 0
    this.writer.bytes = 0
    if (this.#ctx.accessLog !== null) this.#noteForLog(input)
    this.#body.begin(head.body, head.bodyLength)
    if (head.body === 'sized' && head.bodyLength > limits.bodyBytes) {
      this.#reject(413)
      return
    }
    const pool = this.#listener.routes.match(head.host, head.path)
    if (pool === null) this.#reject(404)
    else this.#exchange.start(pool, input, (this.#hop ??= this.#makeHop()))
  }

  /** What the log tells of a head, while its bytes are there. */
  #noteForLog(input: Buffer): void {
    const { lines, targetStart, targetEnd } = this.head
    this.#target = input.toString('latin1', targetStart, targetEnd)
    this.#referer = fieldText(input, lines, 'referer')
    this.#userAgent = fieldText(input, lines, 'user-agent')
  }

  /** Refused before any pool saw it. */
  #reject(status: number): void {
    this.#exchange.skip(status === 404 ? 'no-route' : 'too-large')
    this.#ctx.lane.addListener(this.#listener.slot, LISTENER.rejected, 1)
    this.refuse(status)
  }

  /** What the client has sent is no request: nothing that follows can be trusted. */
  #refuseHead(status: number): void {
    this.#ctx.lane.addListener(this.#listener.slot, LISTENER.rejected, 1)
    this.writer.whole(errorPage(status, { close: true, head: false, date: this.#ctx.date }))
    this.#close()
  }

  #feedBody(): void {
    const body = this.#body
    const exchange = this.#exchange
    const input = this.#input ?? NOTHING
    let found = body.next(input, this.#at, input.length)
    while (found === CHUNK_DATA) {
      this.#bodyBytes += body.dataEnd - body.dataStart
      if (this.#bodyBytes > this.limits.bodyBytes) {
        this.#failBody(413, 'too-large')
        return
      }
      exchange.requestData(input, body.dataStart, body.dataEnd)
      found = body.next(input, body.position, input.length)
    }
    if (found !== CHUNK_MORE && found !== CHUNK_END) {
      this.#failBody(400, 'bad-body')
      return
    }
    this.#takeTo(body.position)
    if (found === CHUNK_END) exchange.requestEnd(body.trailers)
    const takesMore = exchange.requestFlush()
    const readsOn = found === CHUNK_END ? this.#input === null : takesMore
    if (readsOn) this.socket.resume()
    else this.socket.pause()
    // A client that does not take its answer is on the clock already.
    if (this.#awaited !== 'room') this.#awaitBody(takesMore)
  }

  #awaitBody(serverTakesMore: boolean): void {
    if (this.#exchange.takesBody && serverTakesMore) this.#await('body', this.limits.bodyMs)
    else this.#await('nothing', 0)
  }

  #failBody(status: number, why: string): void {
    if (this.#exchange.responseBegun) {
      this.#exchange.abort(why)
      this.broken(false)
    } else this.#exchange.fail(status, why)
  }

  #takeTo(position: number): void {
    this.#at = position
    if (this.#input !== null && position >= this.#input.length) {
      this.#input = null
      this.#at = 0
    }
  }

  #requestIsWhole(): boolean {
    return this.head.body === 'none' || this.#body.done
  }

  #awaitRequest(): void {
    this.#state = 'waiting'
    this.#await('request', this.limits.idleMs)
    if (this.#input !== null || this.socket.isPaused()) this.#pump()
  }

  #await(what: Awaited, ms: number): void {
    this.#awaited = what
    if (what === 'nothing') this.#ctx.wheel.disarm(this.#timer)
    else this.#ctx.wheel.arm(this.#timer, ms)
  }

  #timedOut(): void {
    const awaited = this.#awaited
    this.#awaited = 'nothing'
    if (awaited === 'connection') this.#exchange.waitedTooLong()
    else if (awaited === 'body') this.#failBody(408, 'body-timeout')
    else if (awaited === 'head') this.#refuseHead(408)
    else {
      this.#abandon('client-stalled')
      this.socket.destroy()
    }
  }

  /** Nobody waits for the answer any more. */
  #abandon(why: string): void {
    if (this.#state === 'tunnel' || !this.#exchange.active) return
    this.#state = 'closing'
    this.#exchange.abort(why)
    this.#log(this.#exchange.status, why)
  }

  #onDrain(): void {
    if (this.#state === 'exchange') {
      if (this.#awaited === 'room') this.#awaitBody(!this.socket.isPaused())
      this.#exchange.clientDrained()
    } else if (this.#state === 'waiting') this.#pump()
  }

  /** A client that ends its side in the middle of an exchange is taken to have gone: the answer is for nobody. */
  #onEnd(): void {
    if (this.#state === 'tunnel') return
    if (this.#state === 'waiting' && this.#input === null) this.#close()
    else if (this.#state !== 'closing') this.socket.destroy()
  }

  /** Answers what is left and ends; the rest of what the client sends is read and forgotten for a while. */
  #close(): void {
    this.#state = 'closing'
    this.#input = null
    this.#await('end', this.limits.idleMs)
    this.socket.end()
    this.socket.resume()
  }

  #onFinish(): void {
    if (this.#state === 'closing' && !this.socket.destroyed) this.#await('end', LINGER_MS)
  }

  #onClose(): void {
    this.#ctx.wheel.release(this.#timer)
    this.#listener.connections.delete(this)
    this.#ctx.lane.addListenerConnections(this.#listener.slot, -1)
    this.#abandon('client-closed')
  }

  #makeHop(): ClientHop {
    const { localAddress = '', localPort = 0 } = this.socket
    const authority = localAddress.includes(':') ? `[${localAddress}]` : localAddress
    return new ClientHop(this.#clientAddress(), 'http', `${authority}:${localPort}`)
  }

  #clientAddress(): string {
    if (this.#address === '') this.#address = (this.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
    return this.#address
  }

  #log(status: number, why: string | null): void {
    const log = this.#ctx.accessLog
    if (log === null) return
    const ms = performance.now() - this.#startedMs
    const { pool, member, retried } = this.#exchange
    log.add({
      at: Date.now() - ms,
      listener: this.#listener.name,
      client: this.#clientAddress(),
      method: this.head.method,
      host: this.head.host,
      path: this.#target,
      protocol: this.head.versionMinor === 0 ? 'HTTP/1.0' : 'HTTP/1.1',
      referer: this.#referer,
      userAgent: this.#userAgent,
      status,
      bytesIn: this.#headBytes + this.#bodyBytes,
      bytesOut: this.writer.bytes,
      ms,
      pool: pool?.name ?? null,
      server: member?.id ?? null,
      retries: retried,
      why,
    })
  }
}
