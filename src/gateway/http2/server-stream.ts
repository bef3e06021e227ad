import type { Buffer } from 'node:buffer'
import { type ClientHttp2Stream, constants } from 'node:http2'
import type { Loss, ServerSide, ServerTlsFacts, ServerUser } from '../http/server-side.ts'
import { ResponseHead } from '../http1/response-head.ts'
import type { Context } from '../worker/context.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { readResponse, readTrailers } from './response-head.ts'

const { NGHTTP2_FLAG_END_STREAM, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants
const RESPONSE_LIMITS = { headerBytes: 64 * 1024, headerCount: 256 }
/** `close` with a code ends the stream in good order first, and half a request would pass for a whole one. */
const BROKEN = new Error('broken')

/** Which side a stream belongs to: handlers are shared, so that a stream costs no closures. */
const SIDE = Symbol('side')
type Owned = ClientHttp2Stream & { [SIDE]: ServerStream | null }

/** Whose stream it is. */
export interface ServerStreamOwner {
  readonly ctx: Context
  readonly tls: ServerTlsFacts | null
  /** Null = the connection takes no more. */
  request(head: Buffer, endStream: boolean): ClientHttp2Stream | null
  /** Its stream is over; after `idleMs` without another, the connection may close. */
  left(side: ServerStream, idleMs: number | null): void
}

/** One stream of a connection to a server: the server's side of one attempt. Reused from stream to stream. */
export class ServerStream implements ServerSide {
  uses = 0
  sent = 0
  received = 0
  isPaused = false
  /** A stream does not tell when what it was given has left. */
  readonly memory = 'kept'
  readonly #owner: ServerStreamOwner
  readonly #timer: Timer
  readonly #head = new ResponseHead(RESPONSE_LIMITS)
  #user: ServerUser | null = null
  #stream: Owned | null = null
  #begun = false
  #bodyBytes = 0
  /** Of the body, as the server's head had it: -1 = the stream's end tells. */
  #length = -1
  #trailers: Buffer | null = null
  #part: Buffer | null = null
  #ending = false

  constructor(owner: ServerStreamOwner) {
    this.#owner = owner
    this.#timer = new Timer(() => this.lose('timeout'))
  }

  get tls(): ServerTlsFacts | null {
    return this.#owner.tls
  }

  /** A request gets it, after `uses` others of its connection. */
  take(user: ServerUser, uses: number): void {
    this.#user = user
    this.uses = uses
    this.sent = 0
    this.received = 0
    this.isPaused = false
    this.#begun = false
    this.#bodyBytes = 0
    this.#trailers = null
    this.#part = null
    this.#ending = false
  }

  /** The connection is open. */
  connected(): void {
    this.#user?.connected(this)
  }

  expect(toHead: boolean): void {
    this.#head.toHead = toHead
    this.#head.toUpgrade = false
  }

  whole(head: Buffer): void {
    this.#send(head, true)
  }

  begin(head: Buffer | null): void {
    if (head !== null) this.#send(head, false)
  }

  #send(head: Buffer, endStream: boolean): void {
    const stream = this.#owner.request(head, endStream) as Owned | null
    if (stream === null) {
      // Not while the exchange is still sending.
      queueMicrotask(() => this.lose('refused'))
      return
    }
    stream[SIDE] = this
    stream.on('error', ignore)
    stream.on('headers', onInterim)
    stream.on('response', onResponse)
    stream.on('trailers', onTrailers)
    stream.on('drain', onDrain)
    stream.on('end', onEnd)
    stream.on('close', onClose)
    this.#stream = stream
    this.sent += head.length
  }

  data(_chunked: boolean, bytes: Buffer, start: number, end: number): void {
    if (start === end) return
    if (this.#part !== null) this.#stream?.write(this.#part)
    this.#part = bytes.subarray(start, end)
    this.sent += end - start
  }

  /** Trailers of requests go no further: hardly any server takes them (RFC 9110 6.5.1 lets them be dropped). */
  end(): void {
    this.#ending = true
  }

  flush(): boolean {
    const stream = this.#stream
    const part = this.#part
    this.#part = null
    if (stream === null || stream.destroyed) return true
    if (this.#ending) {
      if (part === null) stream.end()
      else stream.end(part)
    } else if (part !== null) stream.write(part)
    return !stream.writableNeedDrain
  }

  pause(): void {
    this.isPaused = true
    this.#stream?.pause()
  }

  resume(): void {
    this.isPaused = false
    if (this.#begun) this.#stream?.resume()
  }

  awaitWithin(ms: number): void {
    this.#owner.ctx.wheel.arm(this.#timer, ms)
  }

  stopWaiting(): void {
    this.#owner.ctx.wheel.disarm(this.#timer)
  }

  release(whole: boolean, idleMs: number): void {
    this.#leave(whole, idleMs)
  }

  abandon(): void {
    this.#leave(false, null)
  }

  lose(loss: Loss): void {
    const user = this.#user
    if (user === null) return
    this.#detach(false)
    // Before it may serve another: what it has counted is read yet.
    user.lost(loss)
    this.#owner.left(this, null)
  }

  /** Its connection is gone for good. */
  free(): void {
    this.#owner.ctx.wheel.release(this.#timer)
  }

  #leave(whole: boolean, idleMs: number | null): void {
    this.#detach(whole)
    this.#owner.left(this, idleMs)
  }

  #detach(whole: boolean): void {
    const stream = this.#stream
    this.#user = null
    this.#stream = null
    this.stopWaiting()
    if (stream !== null) {
      stream[SIDE] = null
      if (!whole && !stream.destroyed) stream.destroy(BROKEN)
    }
  }

  interim(raw: readonly string[]): void {
    const bytes = readResponse(raw, false, this.#head, this.#owner.ctx.heads)
    if (bytes === null) this.lose('bad-response')
    else this.#user!.interim(this.#head, bytes)
  }

  response(flags: number, raw: readonly string[]): void {
    const isWhole = (flags & NGHTTP2_FLAG_END_STREAM) !== 0
    const bytes = readResponse(raw, isWhole, this.#head, this.#owner.ctx.heads)
    if (bytes === null || this.#head.isInterim) {
      this.lose('bad-response')
      return
    }
    this.#begun = true
    this.received += bytes.length
    const { body, bodyLength } = this.#head
    this.#length = body === 'sized' ? bodyLength : body === 'none' ? 0 : -1
    const stream = this.#stream!
    this.#user!.head(this.#head, bytes)
    // Its user may have had enough, and another one may have it.
    if (this.#stream !== stream) return
    if (isWhole) {
      this.#answered()
      return
    }
    stream.on('data', onData)
    this.#user!.flush()
  }

  took(part: Buffer): void {
    if (this.#length === 0) {
      this.lose('bad-response')
      return
    }
    this.received += part.length
    this.#bodyBytes += part.length
    this.#user!.body(part, 0, part.length)
    this.#user?.flush()
  }

  tookTrailers(raw: readonly string[]): void {
    const trailers = readTrailers(raw)
    if (trailers === false) this.lose('bad-response')
    else this.#trailers = trailers
  }

  /** A reset without an error looks like an end: the length tells, where there is one. */
  ended(): void {
    if (this.#stream!.rstCode !== NGHTTP2_NO_ERROR || this.#bodyBytes < this.#length) this.lose('truncated')
    else if (this.#begun) this.#answered()
    else this.lose('reset')
  }

  closed(): void {
    const { rstCode } = this.#stream!
    if (this.#begun) this.lose('truncated')
    else this.lose(rstCode === NGHTTP2_REFUSED_STREAM ? 'refused' : 'reset')
  }

  drained(): void {
    this.#user!.drained()
  }

  #answered(): void {
    this.stopWaiting()
    this.#user?.answered(this.#trailers)
  }
}

function ignore(): void {}

function onInterim(this: ClientHttp2Stream, _fields: object, _flags: number, raw?: readonly string[]): void {
  ;(this as Owned)[SIDE]?.interim(raw ?? [])
}

function onResponse(this: ClientHttp2Stream, _fields: object, flags: number, raw?: readonly string[]): void {
  ;(this as Owned)[SIDE]?.response(flags, raw ?? [])
}

function onTrailers(this: ClientHttp2Stream, _fields: object, _flags: number, raw?: readonly string[]): void {
  ;(this as Owned)[SIDE]?.tookTrailers(raw ?? [])
}

function onData(this: ClientHttp2Stream, part: Buffer): void {
  ;(this as Owned)[SIDE]?.took(part)
}

function onDrain(this: ClientHttp2Stream): void {
  ;(this as Owned)[SIDE]?.drained()
}

function onEnd(this: ClientHttp2Stream): void {
  ;(this as Owned)[SIDE]?.ended()
}

function onClose(this: ClientHttp2Stream): void {
  ;(this as Owned)[SIDE]?.closed()
}
