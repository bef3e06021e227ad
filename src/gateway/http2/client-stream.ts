import { Buffer } from 'node:buffer'
import { constants, type ServerHttp2Stream, type ServerStreamResponseOptions } from 'node:http2'
import type { ClientSide } from '../http/client-side.ts'
import { errorReply, type Reply } from '../http/reply.ts'
import { ClientTransaction } from '../http/transaction.ts'
import { RequestHead } from '../http1/request-head.ts'
import type { ResponseHead } from '../http1/response-head.ts'
import { Tunnel, type TunnelSide } from '../tcp/tunnel.ts'
import type { Context } from '../worker/context.ts'
import type { Listener } from '../worker/listeners/listener.ts'
import type { Peer } from '../worker/listeners/peer.ts'
import type { Memory } from '../worker/reads.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { AnswerParts } from './answer-parts.ts'
import { grpcReply, replyHeaders } from './reply-headers.ts'
import { RequestFields, requestLineOf } from './request-head.ts'
import { readTrailers } from './response-head.ts'
import { fieldsOf, responseHeaders, trailerFields } from './response-headers.ts'

const { NGHTTP2_FLAG_END_STREAM, NGHTTP2_NO_ERROR } = constants
/** `close` with a code ends the stream in good order first, and a broken answer would pass for a whole one. */
const BROKEN = new Error('broken')

/** Which side a stream belongs to: handlers are shared, so that a stream costs no closures. */
const SIDE = Symbol('side')
type Owned = ServerHttp2Stream & { [SIDE]: ClientStream | null }

/** The types leave out `sendDate`, which the documentation has. */
type AnswerOptions = ServerStreamResponseOptions & { readonly sendDate: boolean }

/** What the stream's one timer stands for. */
type Awaited = 'nothing' | 'body' | 'connection' | 'room'

/** Whose stream it is. */
export interface StreamOwner {
  readonly ctx: Context
  readonly listener: Listener
  readonly peer: Peer
  /** A stream has ended before its answer had: by its client, or by what its client did. */
  wasReset(): void
  /** A stream is closed. Its side may serve another, unless it is null. */
  left(side: ClientStream | null): void
}

/** One stream of a client's connection: a request, and its answer. Reused from stream to stream. */
export class ClientStream implements ClientSide {
  /** It comes whole. */
  readonly headMs = 0
  readonly head: RequestHead
  readonly protocol = 'HTTP/2'
  sent = 0
  received = 0
  readonly #session: StreamOwner
  readonly #ctx: Context
  readonly #transaction: ClientTransaction
  readonly #timer: Timer
  readonly #fields = new RequestFields()
  readonly #parts: AnswerParts
  #stream!: Owned
  #awaited: Awaited = 'nothing'
  #reads = false
  #requestDone = false
  #bodyBytes = 0
  /** The answer is not for this client: its head has been answered otherwise. */
  #swallows = false
  #trailers: Buffer | null = null
  #requestTrailers: Buffer | null = null
  #tunnel: Tunnel | null = null

  constructor(session: StreamOwner) {
    this.#session = session
    this.#ctx = session.ctx
    this.head = new RequestHead(session.listener.limits)
    this.#transaction = new ClientTransaction(session.ctx, session.listener, this, session.peer)
    this.#parts = new AnswerParts(session.ctx.toClient)
    this.#timer = new Timer(() => this.#timedOut())
  }

  /** The client's own deadline (gRPC), in ms; 0 = it has none. */
  get patienceMs(): number {
    return this.#fields.timeoutMs
  }

  begin(stream: ServerHttp2Stream, flags: number, raw: readonly string[]): void {
    this.#own(stream as Owned)
    if (!this.#isOpen) {
      this.#session.wasReset()
      return
    }
    const { limits } = this.#session.listener
    this.head.limits = limits
    this.#requestDone = (flags & NGHTTP2_FLAG_END_STREAM) !== 0
    const bytes = this.#fields.read(raw, this.#requestDone, this.head, this.#ctx.heads)
    if (typeof bytes === 'number') this.#refuse(bytes, raw)
    else {
      this.received = bytes.length
      this.#transaction.begin(bytes)
    }
  }

  #own(stream: Owned): void {
    stream[SIDE] = this
    stream.on('error', ignore)
    stream.on('close', onClose)
    stream.on('drain', onDrain)
    this.#stream = stream
    this.sent = 0
    this.received = 0
    this.#bodyBytes = 0
    this.#reads = false
    this.#swallows = false
    this.#parts.clear()
    this.#trailers = null
    this.#requestTrailers = null
  }

  /** What the client has sent is no request. */
  #refuse(status: number, raw: readonly string[]): void {
    this.#transaction.noteRefused(status, Buffer.from(requestLineOf(raw)))
    this.#write(errorReply(status))
    this.#close()
  }

  feed(): void {
    if (this.head.expectContinue) {
      this.head.expectContinue = false
      if (this.#isOpen) this.#stream.additionalHeaders({ ':status': 100 })
    }
    const { exchange } = this.#transaction
    if (this.#requestDone) exchange.requestEnd(this.#requestTrailers)
    this.#awaitBody(exchange.requestFlush())
    if (this.#requestDone) return
    if (this.#reads) {
      this.#stream.resume()
      return
    }
    this.#reads = true
    this.#stream.on('trailers', onTrailers)
    this.#stream.on('end', onEnd)
    this.#stream.on('data', onData)
  }

  feedMore(): void {
    if (!this.#transaction.exchange.takesBody) return
    if (this.#awaited !== 'room') this.#awaitBody(true)
    this.#stream.resume()
  }

  waitFor(what: 'connection' | 'room' | null, ms: number): void {
    this.#await(what ?? 'nothing', ms)
  }

  interim(head: ResponseHead, bytes: Buffer): void {
    if (this.#isOpen) this.#stream.additionalHeaders(fieldsOf(responseHeaders(head, bytes)))
  }

  respond(head: ResponseHead, bytes: Buffer): void {
    this.sent += head.lines.end - head.start
    // To CONNECT, any success would open the tunnel that the server has just declined.
    if (this.#fields.protocol !== '' && head.status >= 200 && head.status < 300) {
      this.#swallows = true
      this.#write(errorReply(502))
    } else if (this.#isOpen) this.#respond(head, bytes)
  }

  #respond(head: ResponseHead, bytes: Buffer): void {
    const isEmpty = head.body === 'none' || (head.body === 'sized' && head.bodyLength === 0)
    const endStream = isEmpty && head.status !== 101
    const waitForTrailers = head.body === 'chunked' && this.head.acceptsTrailers
    if (waitForTrailers) this.#stream.on('wantTrailers', onWantTrailers)
    const raw = responseHeaders(head, bytes)
    const options: AnswerOptions = { endStream, waitForTrailers, sendDate: false }
    this.#stream.respond(raw, options)
  }

  data(bytes: Buffer, start: number, end: number): void {
    if (start === end || this.#swallows) return
    this.#parts.add(this.#stream, bytes, start, end)
    this.sent += end - start
  }

  flush(): boolean {
    this.#parts.flush(this.#stream)
    this.#transaction.countSent()
    return !this.isFull
  }

  end(trailers: Buffer | null): boolean {
    this.#trailers = trailers
    this.#parts.end(this.#stream)
    this.#transaction.countSent()
    return true
  }

  answer(reply: Reply): void {
    this.#write(reply)
    this.#transaction.replied()
    this.#close()
  }

  finished(): void {
    this.#close()
  }

  broken(): void {
    this.#await('nothing', 0)
    this.#stream.destroy(BROKEN)
  }

  tunnel(server: TunnelSide, early: Buffer): void {
    this.#await('nothing', 0)
    if (early.length > 0) {
      this.sent += early.length
      this.#stream.write(early)
      this.#transaction.countSent()
    }
    const time = { wheel: this.#ctx.wheel, idleMs: this.#session.listener.limits.idleMs }
    this.#tunnel = new Tunnel({ client: { stream: this.#stream, reads: null }, server }, time, {
      onSent: (bytes) => {
        this.sent += bytes
        this.#transaction.countSent()
      },
      onEnd: (end) => {
        this.received += end.fromClient
        this.#transaction.tunnelled(end.fromClient, end.fromServer, end.why)
      },
    })
  }

  get isFull(): boolean {
    return this.#stream.writableNeedDrain && !this.#stream.destroyed
  }

  get memory(): Memory {
    return this.#parts.memoryOf(this.#stream)
  }

  get #isOpen(): boolean {
    return !this.#stream.destroyed && !this.#stream.closed
  }

  /** The gateway's own answer; gRPC clients look for its meaning in a status of their own. */
  #write(reply: Reply): void {
    if (!this.#isOpen) return
    const { head, body } = this.#fields.isGrpc ? grpcReply(reply) : replyHeaders(reply)
    const endStream = body.length === 0 || this.head.isHead
    head.push('date', this.#ctx.date)
    this.#stream.respond(head, { endStream })
    if (endStream) return
    this.sent += body.length
    this.#stream.end(body)
  }

  /** The answer is on its way; what the client still sends is for nobody (RFC 9113 8.1). */
  #close(): void {
    this.#await('room', this.#session.listener.limits.idleMs)
    // Not before the answer has left: nghttp2 drops what is still to be sent on a stream that closes.
    if (!this.#requestDone) setImmediate(closeStream, this.#stream)
  }

  /** The client has sent a part of its body. */
  took(part: Buffer): void {
    const { exchange, ended } = this.#transaction
    if (!exchange.takesBody) {
      // Between two attempts: the next one asks for it.
      if (!ended && exchange.active) this.#putBack(part)
      return
    }
    this.received += part.length
    this.#bodyBytes += part.length
    if (this.#bodyBytes > this.#transaction.mostBodyBytes) {
      this.#transaction.fail(413, 'too-large')
      return
    }
    exchange.requestBegin()
    exchange.requestData(part, 0, part.length)
    const takesMore = exchange.requestFlush()
    if (!takesMore) this.#stream.pause()
    if (this.#awaited !== 'room') this.#awaitBody(takesMore)
  }

  #putBack(part: Buffer): void {
    this.#stream.pause()
    this.#stream.unshift(part)
  }

  /** A reset without an error looks like an end. */
  tookAll(): void {
    const { exchange } = this.#transaction
    if (this.#stream.closed || this.#requestDone) return
    this.#requestDone = true
    if (!exchange.takesBody) return
    exchange.requestBegin()
    exchange.requestEnd(this.#requestTrailers)
    exchange.requestFlush()
    if (this.#awaited !== 'room') this.#await('nothing', 0)
  }

  tookTrailers(raw: readonly string[]): void {
    const trailers = readTrailers(raw)
    if (trailers === false) this.#transaction.fail(400, 'bad-body')
    else this.#requestTrailers = trailers
  }

  sendTrailers(): void {
    if (this.#isOpen) this.#stream.sendTrailers(this.#trailers === null ? {} : trailerFields(this.#trailers))
  }

  drained(): void {
    this.#parts.drained()
    if (this.#tunnel !== null || this.#transaction.ended) return
    if (this.#awaited === 'room') this.#awaitBody(this.#reads && !this.#stream.isPaused())
    this.#transaction.clientDrained()
  }

  closed(): void {
    this.#stream[SIDE] = null
    this.#await('nothing', 0)
    if (this.#tunnel !== null) {
      this.#ctx.wheel.release(this.#timer)
      this.#session.left(null)
      return
    }
    if (!this.#transaction.ended) {
      this.#session.wasReset()
      this.#transaction.abort('client-closed')
    }
    this.#session.left(this)
  }

  /** Its connection is gone for good. */
  release(): void {
    this.#ctx.wheel.release(this.#timer)
  }

  #awaitBody(serverTakesMore: boolean): void {
    if (this.#transaction.exchange.takesBody && serverTakesMore)
      this.#await('body', this.#session.listener.limits.bodyMs)
    else this.#await('nothing', 0)
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
    else {
      this.#transaction.abort('client-stalled')
      this.#stream.destroy(BROKEN)
    }
  }
}

function ignore(): void {}

function closeStream(stream: ServerHttp2Stream): void {
  if (!stream.destroyed) stream.close(NGHTTP2_NO_ERROR)
}

function onClose(this: ServerHttp2Stream): void {
  ;(this as Owned)[SIDE]?.closed()
}

function onDrain(this: ServerHttp2Stream): void {
  ;(this as Owned)[SIDE]?.drained()
}

function onData(this: ServerHttp2Stream, part: Buffer): void {
  ;(this as Owned)[SIDE]?.took(part)
}

function onEnd(this: ServerHttp2Stream): void {
  ;(this as Owned)[SIDE]?.tookAll()
}

function onTrailers(this: ServerHttp2Stream, _fields: object, _flags: number, raw?: readonly string[]): void {
  ;(this as Owned)[SIDE]?.tookTrailers(raw ?? [])
}

function onWantTrailers(this: ServerHttp2Stream): void {
  ;(this as Owned)[SIDE]?.sendTrailers()
}
