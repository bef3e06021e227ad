import type { Duplex } from 'node:stream'
import { Timer, type TimerWheel } from '../worker/timer-wheel.ts'

/** What a tunnel has carried and why it ended: null = both sides had finished. */
export interface TunnelEnd {
  readonly fromClient: number
  readonly fromServer: number
  readonly why: string | null
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
    sockets: { client: Duplex; server: Duplex },
    time: { wheel: TimerWheel; idleMs: number },
    listener: TunnelListener,
  ) {
    this.#client = sockets.client
    this.#server = sockets.server
    this.#wheel = time.wheel
    this.#idleMs = time.idleMs
    this.#listener = listener
    this.#timer = new Timer(() => this.#abort('idle'))
    this.#wheel.arm(this.#timer, this.#idleMs)
    this.#join(this.#client, this.#server, (bytes) => (this.#fromClient += bytes))
    this.#join(this.#server, this.#client, (bytes) => {
      this.#fromServer += bytes
      this.#listener.onSent(bytes)
    })
  }

  /** Ends both sides at once. */
  destroy(why: string): void {
    this.#abort(why)
  }

  #join(from: Duplex, to: Duplex, count: (bytes: number) => void): void {
    from.on('error', (error: NodeJS.ErrnoException) => this.#abort(error.code ?? 'error'))
    from.on('data', (chunk: Buffer) => {
      count(chunk.length)
      this.#wheel.arm(this.#timer, this.#idleMs)
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => {
      this.#wheel.arm(this.#timer, this.#idleMs)
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
