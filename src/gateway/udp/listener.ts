import type { RemoteInfo, Socket } from 'node:dgram'
import { hashText } from '../../balancing/hash.ts'
import type { Bind } from '../../core/balancer.ts'
import { LISTENER, POOL } from '../lanes.ts'
import type { Context } from '../worker/context.ts'
import type { Listener } from '../worker/listeners/listener.ts'
import { type Listening, withIPv6 } from '../worker/listeners/listening.ts'
import { plain } from '../worker/listeners/peer.ts'
import { countSource } from '../worker/listeners/source-limit.ts'
import type { Member, Pool } from '../worker/pools/pool.ts'
import { type SessionOwner, UdpSession } from './session.ts'
import { socketFor, takesMore } from './socket.ts'

/** What may arrive between two turns of the thread. The system gives as much of it as its `rmem_max` allows. */
const RECEIVE_BYTES = 1024 * 1024

/**
 * One worker's socket of a listener of datagrams. What comes from one address and port is a session, with a socket of its own to
 * one server, so that no other can answer. With several workers, the system gives all of one source to the same one.
 */
export class UdpListener implements Listening, SessionOwner {
  readonly bound: Bind
  /** Sessions are this worker's: a successor begins its own. */
  readonly fd = null
  readonly #ctx: Context
  readonly #listener: Listener
  readonly #socket: Socket
  readonly #sessions = new Map<string, UdpSession>()

  /** Rejects with the system's error. */
  static open(ctx: Context, listener: Listener, bind: Bind, reusePort: boolean): Promise<UdpListener> {
    return withIPv6(bind.host, async (host) => {
      const socket = socketFor(host, { reusePort, recvBufferSize: RECEIVE_BYTES })
      await new Promise<void>((resolve, reject) => {
        socket.once('error', (error) => {
          socket.close()
          reject(error)
        })
        socket.bind({ address: host, port: bind.port, exclusive: true }, resolve)
      })
      socket.removeAllListeners('error')
      return new UdpListener(ctx, listener, socket)
    })
  }

  private constructor(ctx: Context, listener: Listener, socket: Socket) {
    this.#ctx = ctx
    this.#listener = listener
    this.#socket = socket
    const { address, port } = socket.address()
    this.bound = { host: address, port }
    // A client that is gone: its session ends by its silence.
    socket.on('error', () => {})
    socket.on('message', (bytes, from) => this.#take(bytes, from))
  }

  /** Its sessions can hear from their clients no more. */
  close(): void {
    this.#socket.close()
    for (const session of [...this.#sessions.values()]) session.destroy()
  }

  reply(bytes: Buffer, to: RemoteInfo): void {
    // A datagram from port 0 wants no answer (RFC 768), and node:dgram throws at the attempt.
    if (to.port !== 0 && takesMore(this.#socket)) this.#socket.send(bytes, to.port, to.address)
  }

  ended(session: UdpSession): void {
    this.#sessions.delete(keyOf(session.from))
    this.#listener.connections.delete(session)
  }

  #take(bytes: Buffer, from: RemoteInfo): void {
    const known = this.#sessions.get(keyOf(from))
    if (known !== undefined && !known.isStray) {
      known.send(bytes)
      return
    }
    known?.leave()
    this.#begin(from)?.send(bytes)
  }

  #begin(from: RemoteInfo): UdpSession | null {
    const { lane } = this.#ctx
    lane.addListener(this.#listener.slot, LISTENER.accepted, 1)
    const pool = this.#listener.routes.otherwise?.pool ?? null
    const leave = pool === null ? null : this.#admit(from)
    if (pool === null || leave === null) {
      lane.addListener(this.#listener.slot, LISTENER.rejected, 1)
      return null
    }
    lane.addPool(pool.slot, POOL.requests, 1)
    const member = pool.hasRoom() ? choose(pool, hashText(from.address)) : null
    if (member === null) {
      leave()
      lane.addPool(pool.slot, POOL.refused, 1)
      lane.countEnd(pool.slot, true)
      return null
    }
    const session = new UdpSession(this.#ctx, this.#listener, this, { from, pool, member, leave })
    this.#sessions.set(keyOf(from), session)
    this.#listener.connections.add(session)
    return session
  }

  /** What the end of the session calls; null = there are as many as there may be. */
  #admit({ address }: RemoteInfo): (() => void) | null {
    const { slot, limits } = this.#listener
    if (this.#ctx.reader.listenerConnections(slot) >= limits.connections) return null
    return countSource(this.#ctx, this.#listener, plain(address))
  }
}

function keyOf({ address, port }: RemoteInfo): string {
  return `${port} ${address}`
}

/** Somebody who has room; null = nobody. */
function choose(pool: Pool, key: number): Member | null {
  const tried = new Set<number>()
  for (;;) {
    const picked = pool.pick(tried, null, key)
    if (picked < 0) return null
    tried.add(picked)
    const member = pool.members[picked]!
    if (member.server.mayOpen(pool.spec) && pool.mayOpen()) return member
  }
}
