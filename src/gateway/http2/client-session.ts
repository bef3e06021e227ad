import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerSessionOptions,
} from 'node:http2'
import type { ListenerLimits } from '../../core/balancer.ts'
import type { Http2Spec } from '../../core/http2.ts'
import { LISTENER } from '../lanes.ts'
import type { Context } from '../worker/context.ts'
import type { Connection, Listener } from '../worker/listeners/listener.ts'
import type { Peer } from '../worker/listeners/peer.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { ClientStream, type StreamOwner } from './client-stream.ts'
import { Flood } from './flood.ts'

/** PING and SETTINGS frames in ten seconds: each costs an answer. Keep-alives come every few seconds at most. */
const MOST_CONTROLS = 200
/** Frames that break the protocol without ending it (empty DATA frames are among them), in a connection's life. */
const MOST_INVALID = 100
const MOST_REJECTED = 100
/** What the gateway's own overhead for a field is in the protocol's reckoning (RFC 9113 6.5.2). */
const FIELD_BYTES = 32
/** Streams' sides that are kept for later ones. */
const MOST_SPARE = 16
/** How long a client that has been told to leave may stay. */
const LINGER_MS = 2_000
const { NGHTTP2_ENHANCE_YOUR_CALM } = constants

/** waiting (for the client's settings) -> open -> gone. */
type State = 'waiting' | 'open' | 'gone'

/** One client's HTTP/2 connection. Each of its streams is a request's client side; sides are reused. */
export class ClientSession implements Connection, StreamOwner {
  readonly ctx: Context
  readonly listener: Listener
  readonly peer: Peer
  readonly #session: ServerHttp2Session
  readonly #timer: Timer
  readonly #spare: ClientStream[] = []
  readonly #resets: Flood
  readonly #controls = new Flood(MOST_CONTROLS)
  #state: State = 'waiting'
  #streams = 0

  constructor(ctx: Context, listener: Listener, peer: Peer) {
    this.ctx = ctx
    this.listener = listener
    this.peer = peer
    const http2 = listener.http2!
    this.#resets = new Flood(http2.resets)
    this.#timer = new Timer(() => this.#timedOut())
    // As tls.Server does for sockets of its own: the session would wait for it.
    if ('secureConnecting' in peer.socket) peer.socket.secureConnecting = false
    const session = performServerHandshake(peer.socket, optionsOf(http2, listener.limits))
    this.#session = session
    session.on('error', () => session.destroy())
    session.on('stream', (stream, _headers, flags, raw) => this.#onStream(stream, flags, raw))
    session.on('remoteSettings', () => this.#onSettings())
    session.on('ping', () => this.#control())
    session.on('close', () => this.#onClose())
    // The session reads past the socket's own events, but for this one.
    peer.socket.on('end', () => this.#ended())
    peer.socket.on('close', () => this.#onClose())
    listener.connections.add(this)
    ctx.wheel.arm(this.#timer, listener.limits.firstByteMs)
  }

  /**
   * What runs ends as it would; what comes later was never looked at, and GOAWAY says so: the client may send it elsewhere. (The
   * warning that RFC 9113 6.8 would send first cannot be had: once nghttp2 has sent a GOAWAY, it takes no more streams.)
   */
  endWhenIdle(): void {
    this.#session.close()
    if (this.#streams === 0) this.#awaitStream()
  }

  destroy(): void {
    this.#session.destroy()
    this.peer.socket.destroy()
  }

  wasReset(): void {
    if (this.#resets.adds(this.ctx.nowMs)) this.#calm()
  }

  left(side: ClientStream | null): void {
    this.#streams--
    if (this.#state === 'gone' || this.#spare.length === MOST_SPARE) side?.release()
    else if (side !== null) this.#spare.push(side)
    if (this.#streams === 0) this.#awaitStream()
  }

  #onStream(stream: ServerHttp2Stream, flags: number, raw: readonly string[]): void {
    if (this.#streams++ === 0) this.ctx.wheel.disarm(this.#timer)
    const side = this.#spare.pop() ?? new ClientStream(this)
    side.begin(stream, flags, raw)
  }

  #onSettings(): void {
    if (this.#state !== 'waiting') this.#control()
    else {
      this.#state = 'open'
      if (this.#streams === 0) this.#awaitStream()
    }
  }

  #awaitStream(): void {
    if (this.#state === 'gone') return
    // A client need not answer the end of its connection.
    if (this.#session.closed) this.ctx.wheel.arm(this.#timer, LINGER_MS)
    else if (this.#state === 'open') this.ctx.wheel.arm(this.#timer, this.listener.limits.idleMs)
  }

  #control(): void {
    if (this.#controls.adds(this.ctx.nowMs)) this.#calm()
  }

  /** Whoever floods is told so, and everything of it ends. */
  #calm(): void {
    if (this.#session.destroyed) return
    this.ctx.lane.addListener(this.listener.slot, LISTENER.rejected, 1)
    this.#session.destroy(new Error('flood'), NGHTTP2_ENHANCE_YOUR_CALM)
  }

  #timedOut(): void {
    const { closed, destroyed } = this.#session
    if (this.#state === 'open' && !closed && !destroyed) this.endWhenIdle()
    else this.destroy()
  }

  /** The client has gone. A session that still had something to write waits for that before it closes, for ever if it must. */
  #ended(): void {
    this.#session.destroy()
    if (this.#state !== 'gone') this.ctx.wheel.arm(this.#timer, LINGER_MS)
  }

  #onClose(): void {
    if (this.#state === 'gone') return
    this.ctx.wheel.release(this.#timer)
    this.listener.connections.delete(this)
    this.#state = 'gone'
    for (const side of this.#spare.splice(0)) side.release()
    this.peer.socket.destroy()
  }
}

/** The first line of a client's preface (RFC 9113 3.4), which is no request of HTTP/1.1. */
const PREFACE = 'PRI * HTTP/2.0\r\n'

export function beginsHttp2(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, PREFACE.length) === PREFACE
}

function optionsOf(http2: Http2Spec, limits: ListenerLimits): ServerSessionOptions {
  return {
    maxSessionInvalidFrames: MOST_INVALID,
    maxSessionRejectedStreams: MOST_REJECTED,
    // One more than are allowed, so that the gateway itself can say 431; pseudo-header fields come beside.
    maxHeaderListPairs: limits.headerCount + 6,
    strictSingleValueFields: false,
    settings: {
      enableConnectProtocol: true,
      maxConcurrentStreams: http2.streams,
      maxHeaderListSize: limits.headerBytes + FIELD_BYTES * limits.headerCount,
    },
  }
}
