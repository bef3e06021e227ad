import { LISTENER } from '../lanes.ts'
import type { Context } from '../worker/context.ts'
import type { Connection, Listener } from '../worker/listeners/listener.ts'
import type { Peer } from '../worker/listeners/peer.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { parseProxyHeader } from './parse.ts'

/** At most: a proxy sends its header with the connection's first packet. */
const WITHIN_MS = 5_000

/** A connection from a proxy that has not said yet whose it is. */
export class ProxiedArrival implements Connection {
  readonly #ctx: Context
  readonly #listener: Listener
  readonly #peer: Peer
  readonly #known: (peer: Peer) => void
  readonly #timer: Timer
  readonly #onData = (chunk: Buffer): void => this.#read(chunk)
  readonly #onEnd = (): void => this.#refuse()
  readonly #onClose = (): void => this.#leave()
  #bytes: Buffer | null = null

  /** `known` gets the client as the header tells it, unless the connection ends before; what follows the header is still to be read. */
  constructor(ctx: Context, listener: Listener, peer: Peer, known: (peer: Peer) => void) {
    this.#ctx = ctx
    this.#listener = listener
    this.#peer = peer
    this.#known = known
    this.#timer = new Timer(() => this.#refuse())
    listener.connections.add(this)
    ctx.wheel.arm(this.#timer, Math.min(WITHIN_MS, listener.limits.firstByteMs))
    peer.socket.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onClose)
  }

  endWhenIdle(): void {
    this.destroy()
  }

  destroy(): void {
    this.#peer.socket.destroy()
  }

  #read(chunk: Buffer): void {
    const bytes = this.#bytes === null ? chunk : Buffer.concat([this.#bytes, chunk])
    const header = parseProxyHeader(bytes)
    if (header.kind === 'more') this.#bytes = bytes
    else if (header.kind === 'bad') this.#refuse()
    else {
      this.#leave()
      const { socket } = this.#peer
      if (header.length < bytes.length) socket.unshift(bytes.subarray(header.length))
      this.#known(header.client === null ? this.#peer : { ...this.#peer, ...header.client })
    }
  }

  #refuse(): void {
    this.#ctx.lane.addListener(this.#listener.slot, LISTENER.rejected, 1)
    this.#peer.socket.destroy()
  }

  #leave(): void {
    this.#ctx.wheel.release(this.#timer)
    this.#listener.connections.delete(this)
    this.#peer.socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
  }
}
