import type { Duplex } from 'node:stream'
import type { Memory, Reads } from '../worker/reads.ts'
import { Timer, type TimerWheel } from '../worker/timer-wheel.ts'

/** What a tunnel has carried and why it ended: null = both sides had finished. */
export interface TunnelEnd {
  readonly fromClient: number
  readonly fromServer: number
  readonly why: string | null
}

export interface TunnelSide {
  readonly stream: Duplex
  /** Where its bytes come from when there is no 'data'. */
  readonly reads: Reads | null
}

/** Who is told what a tunnel does. */
export interface TunnelListener {
  /** So many bytes more go to the client: a tunnel may last for days, so its end is too late to count them. */
  onSent(bytes: number): void
  /** Once, when both sides are closed. */
  onEnd(end: TunnelEnd): void
}

/**
 * Bytes both ways between two streams made with `allowHalfOpen`. One side's end is passed on and the other direction
 * stays open; a slow reader pauses its writer; silence both ways for `idleMs` ends both.
 */
export class Tunnel {
  readonly #client: Duplex
  readonly #server: Duplex
  readonly #wheel: TimerWheel
  readonly #timer: Timer
  readonly #idleMs: number
  readonly #listener: TunnelListener
  #fromClient = 0
  #fromServer = 0
  #open = 2
  #why: string | null = null

  /** Takes both sockets over, before 'close' of either. */
  constructor(
    sockets: { client: TunnelSide; server: TunnelSide },
    time: { wheel: TimerWheel; idleMs: number },
    listener: TunnelListener,
  ) {
    this.#client = sockets.client.stream
    this.#server = sockets.server.stream
    this.#wheel = time.wheel
    this.#idleMs = time.idleMs
    this.#listener = listener
    this.#timer = new Timer(() => this.#abort('idle'))
    this.#wheel.arm(this.#timer, this.#idleMs)
    this.#join(this.#client, this.#server, (bytes) => (this.#fromClient += bytes), sockets.client.reads)
    const countSent = (bytes: number): void => {
      this.#fromServer += bytes
      this.#listener.onSent(bytes)
    }
    this.#join(this.#server, this.#client, countSent, sockets.server.reads)
  }

  /** Ends both sides at once. */
  destroy(why: string): void {
    this.#abort(why)
  }

  #join(from: Duplex, to: Duplex, count: (bytes: number) => void, reads: Reads | null): void {
    from.on('error', (error: NodeJS.ErrnoException) => this.#abort(error.code ?? 'error'))
    const pass = (bytes: Buffer): void => {
      count(bytes.length)
      this.#wheel.arm(this.#timer, this.#idleMs)
      if (!to.write(bytes)) from.pause()
    }
    if (reads === null) from.on('data', pass)
    else reads.sink = (bytes) => lend(bytes, { pass, to, reads })
    to.on('drain', () => {
      this.#wheel.arm(this.#timer, this.#idleMs)
      if (to.writableLength === 0) reads?.settle()
      from.resume()
    })
    from.on('end', () => to.end())
    from.on('close', () => this.#closed(to))
    if (from.readableEnded) to.end()
    else from.resume()
  }

  /** What the closed side had sent may still be on its way to the other one; nothing can come back. */
  #closed(other: Duplex): void {
    if (this.#why !== null || other.writableFinished) other.destroy()
    else other.end(() => other.destroy())
    if (--this.#open > 0) return
    this.#wheel.release(this.#timer)
    this.#listener.onEnd({ fromClient: this.#fromClient, fromServer: this.#fromServer, why: this.#why })
  }

  #abort(why: string): void {
    this.#why ??= why
    this.#client.destroy()
    this.#server.destroy()
  }
}

/** Passes on what stands in memory that is read into again. Behind what waits already goes a copy. */
function lend(
  bytes: Buffer,
  { pass, to, reads }: { pass: (bytes: Buffer) => void; to: Duplex; reads: Reads },
): Memory {
  if (to.writableLength > 0) {
    pass(Buffer.from(bytes))
    return 'free'
  }
  reads.settle()
  pass(bytes)
  return to.writableLength === 0 ? 'free' : 'lent'
}
