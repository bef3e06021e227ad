import type { Socket } from 'node:net'
import type { ClientSide } from '../http/client-side.ts'
import { errorReply, type Reply } from '../http/reply.ts'
import { ClientTransaction } from '../http/transaction.ts'
import { beginsHttp2, ClientSession } from '../http2/client-session.ts'
import { Tunnel, type TunnelSide } from '../tcp/tunnel.ts'
import type { Context } from '../worker/context.ts'
import type { Connection, Listener } from '../worker/listeners/listener.ts'
import type { Peer } from '../worker/listeners/peer.ts'
import { type Memory, type Reads, readInto } from '../worker/reads.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { BodyReader } from './body-reader.ts'
import { CHUNK_DATA, CHUNK_END, CHUNK_MORE } from './chunked.ts'
import { bodyTowards, writeResponseHead } from './forward.ts'
import { Input } from './input.ts'
import { MessageWriter } from './message-writer.ts'
import { replyBytes } from './reply-bytes.ts'
import { parseRequestHead, RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'

const CONTINUE = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')
/** How long a closed connection is still read, so that its last answer is not lost to a reset. */
const LINGER_MS = 2_000

/** waiting (for a request's head) -> exchange -> waiting ...; closing or tunnel at the end. */
type State = 'waiting' | 'exchange' | 'closing' | 'tunnel'
/** What the connection's one timer stands for. */
type Awaited = 'nothing' | 'first-byte' | 'head' | 'request' | 'body' | 'connection' | 'room' | 'end'

/** One client's HTTP/1.1 connection: requests in order, one at a time; what comes early waits in the socket. */
export class ClientConnection implements ClientSide, Connection {
  readonly head: RequestHead
  headMs = 0
  readonly patienceMs = 0
  readonly #socket: Socket
  readonly #reads: Reads | null
  readonly #writer: MessageWriter
  readonly #ctx: Context
  readonly #listener: Listener
  readonly #timer: Timer
  readonly #input = new Input()
  readonly #body = new BodyReader()
  readonly #transaction: ClientTransaction
  #state: State = 'waiting'
  #awaited: Awaited = 'nothing'
  #pumping = false
  #headBytes = 0
  /** Since when a head has been coming; 0 = it came at once. */
  #headSinceMs = 0
  #bodyBytes = 0
  /** How the current answer is framed. */
  #chunked = false
  #untilClose = false
  #tunnel: Tunnel | null = null

  constructor(ctx: Context, listener: Listener, peer: Peer) {
    const { socket, reads } = peer
    this.#ctx = ctx
    this.#listener = listener
    this.#socket = socket
    this.#reads = reads
    this.#writer = new MessageWriter(socket, ctx.toClient)
    this.head = new RequestHead(listener.limits)
    this.#transaction = new ClientTransaction(ctx, listener, this, peer)
    this.#timer = new Timer(() => this.#timedOut())
    socket.on('error', () => socket.destroy())
    readInto(
      { onRead: (bytes) => this.#onRead(bytes), onData: (bytes) => this.#onData(bytes) },
      socket,
      reads,
    )
    socket.on('drain', () => this.#onDrain())
    socket.on('end', () => this.#onEnd())
    socket.on('finish', () => this.#onFinish())
    socket.on('close', () => this.#onClose())
    listener.connections.add(this)
    this.#await('first-byte', listener.limits.firstByteMs)
  }

  get sent(): number {
    return this.#writer.bytes
  }

  get received(): number {
    return this.#headBytes + this.#bodyBytes
  }

  get protocol(): string {
    return this.head.versionMinor === 0 ? 'HTTP/1.0' : 'HTTP/1.1'
  }

  get isFull(): boolean {
    return this.#socket.writableNeedDrain
  }

  get memory(): Memory {
    return this.#writer.memory
  }

  /** The connection will be kept after this answer. */
  get #keeps(): boolean {
    return this.head.keepAlive && !this.#ctx.draining && !this.#listener.gone
  }

  endWhenIdle(gentle: boolean): void {
    if (!gentle && this.#state === 'waiting' && this.#input.isEmpty) this.#close()
  }

  destroy(): void {
    this.#tunnel?.destroy('shutdown')
    this.#socket.destroy()
  }

  feed(): void {
    if (this.head.expectContinue && this.#input.isEmpty) {
      this.head.expectContinue = false
      this.#writer.whole(CONTINUE)
    }
    this.#feedBody()
  }

  feedMore(): void {
    const { exchange } = this.#transaction
    if (exchange.requestMemory === 'free') this.#reads?.settle()
    if (!exchange.takesBody) return
    exchange.requestBegin()
    this.#feedBody()
  }

  waitFor(what: 'connection' | 'room' | null, ms: number): void {
    this.#await(what ?? 'nothing', ms)
  }

  interim(head: ResponseHead, bytes: Buffer): void {
    this.#writer.begin()
    writeResponseHead(head, bytes, this.head, this.#writer.out)
    this.flush()
  }

  respond(head: ResponseHead, bytes: Buffer): void {
    this.head.keepAlive = this.#keeps
    const body = bodyTowards(this.head, head)
    this.#chunked = body === 'chunked'
    this.#untilClose = body === 'until-close'
    this.#writer.begin()
    writeResponseHead(head, bytes, this.head, this.#writer.out)
  }

  data(bytes: Buffer, start: number, end: number): void {
    this.#writer.data(this.#chunked, bytes, start, end)
  }

  flush(): boolean {
    const takesMore = this.#writer.flush()
    this.#transaction.countSent()
    return takesMore
  }

  end(trailers: Buffer | null): boolean {
    this.#writer.end(this.#chunked, trailers)
    this.flush()
    return true
  }

  answer(reply: Reply): void {
    const close = !this.#requestIsWhole() || !this.#keeps || this.head.versionMinor === 0
    const about = { close, head: this.head.isHead, date: this.#ctx.date }
    for (const bytes of replyBytes(reply, about)) this.#writer.whole(bytes)
    this.#transaction.replied()
    if (close) this.#close()
    else this.#awaitRequest()
  }

  finished(): void {
    if (this.#untilClose || !this.#requestIsWhole() || !this.#keeps) this.#close()
    else this.#awaitRequest()
  }

  broken(): void {
    this.#state = 'closing'
    this.#writer.discard()
    // An orderly end would look as if the answer were whole; that of TLS says itself whether it is one.
    if (this.#untilClose && !('encrypted' in this.#socket)) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }

  tunnel(server: TunnelSide, early: Buffer): void {
    this.#state = 'tunnel'
    this.#ctx.wheel.release(this.#timer)
    if (early.length > 0) {
      this.#writer.whole(early)
      this.#transaction.countSent()
    }
    const late = this.#input.rest
    if (late.length > 0) server.stream.write(late)
    this.#input.clear()
    const time = { wheel: this.#ctx.wheel, idleMs: this.#listener.limits.idleMs }
    this.#tunnel = new Tunnel({ client: { stream: this.#socket, reads: this.#reads }, server }, time, {
      onSent: (bytes) => {
        this.#writer.bytes += bytes
        this.#transaction.countSent()
      },
      onEnd: (end) => {
        const fromClient = end.fromClient + late.length
        this.#bodyBytes += fromClient
        this.#transaction.tunnelled(fromClient, end.fromServer, end.why)
      },
    })
  }

  #onRead(bytes: Buffer): Memory {
    this.#onData(bytes)
    this.#input.own()
    if (this.#transaction.bytes !== null || this.#state === 'tunnel') return 'kept'
    return this.#transaction.exchange.requestMemory
  }

  #onData(chunk: Buffer): void {
    if (this.#state === 'closing' || this.#state === 'tunnel') return
    this.#input.add(chunk)
    if (this.#state === 'waiting') this.#pump()
    else if (this.#transaction.exchange.takesBody) this.feedMore()
    else if (this.#input.isFarAhead) this.#socket.pause()
  }

  /** Answers requests as long as there are whole heads and room for answers. */
  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    while (this.#state === 'waiting' && !this.#input.isEmpty && !this.#socket.writableNeedDrain) {
      if (!this.#nextRequest(this.#input)) break
    }
    this.#pumping = false
    if (this.#state !== 'waiting') return
    if (this.#socket.writableNeedDrain) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }

  /** False = the head is not whole yet. */
  #nextRequest({ bytes, at }: Input): boolean {
    this.head.limits = this.#listener.limits
    const end = parseRequestHead(bytes, at, bytes.length, this.head)
    if (end === 0) {
      if (this.#awaited !== 'head') {
        this.#headSinceMs = performance.now()
        this.#await('head', this.#listener.limits.headerMs)
      }
      return false
    }
    if (end < 0) {
      if (end === -505 && this.#isHttp2()) this.#handOver()
      else this.#refuseHead(-end)
      return true
    }
    this.#input.takeTo(end)
    this.#begin(bytes, end - at)
    return true
  }

  #begin(input: Buffer, headBytes: number): void {
    const { head } = this
    this.#state = 'exchange'
    this.#reads?.forget()
    this.#await('nothing', 0)
    this.#headBytes = headBytes
    this.#bodyBytes = 0
    this.headMs = this.#headSinceMs === 0 ? 0 : performance.now() - this.#headSinceMs
    this.#headSinceMs = 0
    this.#writer.bytes = 0
    this.#untilClose = false
    this.#body.begin(head.body, head.bodyLength)
    this.#transaction.begin(input)
  }

  /** A connection may begin with HTTP/2 by prior knowledge. */
  #isHttp2(): boolean {
    return this.#headBytes === 0 && this.#listener.http2 !== null && beginsHttp2(this.#input.rest)
  }

  #handOver(): void {
    this.#state = 'tunnel'
    this.#ctx.wheel.release(this.#timer)
    this.#listener.connections.delete(this)
    this.#socket.pause().removeAllListeners('data')
    this.#socket.unshift(this.#input.rest)
    this.#input.clear()
    new ClientSession(this.#ctx, this.#listener, this.#transaction.peer)
  }

  /** What the client has sent is no request: nothing that follows can be trusted. */
  #refuseHead(status: number): void {
    this.#transaction.noteRefused(status, this.#input.rest)
    const how = { close: true, head: false, date: this.#ctx.date }
    for (const bytes of replyBytes(errorReply(status), how)) this.#writer.whole(bytes)
    this.#close()
  }

  #feedBody(): void {
    const body = this.#body
    const { exchange } = this.#transaction
    const input = this.#input.bytes
    let found = body.next(input, this.#input.at, input.length)
    while (found === CHUNK_DATA) {
      this.#bodyBytes += body.dataEnd - body.dataStart
      if (this.#bodyBytes > this.#transaction.mostBodyBytes) {
        this.#transaction.fail(413, 'too-large')
        return
      }
      exchange.requestData(input, body.dataStart, body.dataEnd)
      found = body.next(input, body.position, input.length)
    }
    if (found !== CHUNK_MORE && found !== CHUNK_END) {
      this.#transaction.fail(400, 'bad-body')
      return
    }
    this.#input.takeTo(body.position)
    if (found === CHUNK_END) exchange.requestEnd(body.trailers)
    const takesMore = exchange.requestFlush()
    const readsOn = found === CHUNK_END ? !this.#input.isFarAhead : takesMore
    if (readsOn) this.#socket.resume()
    else this.#socket.pause()
    // A client that does not take its answer is on the clock already.
    if (this.#awaited !== 'room') this.#awaitBody(takesMore)
  }

  #awaitBody(serverTakesMore: boolean): void {
    if (this.#transaction.exchange.takesBody && serverTakesMore)
      this.#await('body', this.#listener.limits.bodyMs)
    else this.#await('nothing', 0)
  }

  #requestIsWhole(): boolean {
    return this.head.body === 'none' || this.#body.done
  }

  #awaitRequest(): void {
    this.#state = 'waiting'
    this.#await('request', this.#listener.limits.idleMs)
    if (!this.#input.isEmpty || this.#socket.isPaused()) this.#pump()
  }

  #await(what: Awaited, ms: number): void {
    this.#awaited = what
    if (what === 'nothing') this.#ctx.wheel.disarm(this.#timer)
    else this.#ctx.wheel.arm(this.#timer, ms)
  }

  #timedOut(): void {
    const awaited = this.#awaited
    this.#awaited = 'nothing'
    if (awaited === 'connection') this.#transaction.exchange.waitedTooLong()
    else if (awaited === 'body') this.#transaction.fail(408, 'body-timeout')
    else if (awaited === 'head') this.#refuseHead(408)
    else {
      this.#abandon('client-stalled')
      this.#socket.destroy()
    }
  }

  /** Nobody waits for the answer any more. */
  #abandon(why: string): void {
    if (this.#state !== 'exchange') return
    this.#state = 'closing'
    this.#transaction.abort(why)
  }

  #onDrain(): void {
    if (this.#state === 'exchange') {
      if (this.#awaited === 'room') this.#awaitBody(!this.#socket.isPaused())
      this.#transaction.clientDrained()
    } else if (this.#state === 'waiting') this.#pump()
  }

  /** A client that ends its side in the middle of an exchange is taken to have gone: the answer is for nobody. */
  #onEnd(): void {
    if (this.#state === 'tunnel') return
    if (this.#state === 'waiting' && this.#input.isEmpty) this.#close()
    else if (this.#state !== 'closing') this.#socket.destroy()
  }

  /** Answers what is left and ends; the rest of what the client sends is read and forgotten for a while. */
  #close(): void {
    this.#state = 'closing'
    this.#input.clear()
    this.#await('end', this.#listener.limits.idleMs)
    this.#socket.end()
    this.#socket.resume()
  }

  #onFinish(): void {
    if (this.#state === 'closing' && !this.#socket.destroyed) this.#await('end', LINGER_MS)
  }

  #onClose(): void {
    this.#ctx.wheel.release(this.#timer)
    this.#listener.connections.delete(this)
    this.#abandon('client-closed')
  }
}
