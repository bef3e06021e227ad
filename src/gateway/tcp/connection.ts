import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { hashText } from '../../balancing/hash.ts'
import type { ServerTlsFacts } from '../http/server-side.ts'
import { LISTENER, MEMBER, POOL, POOL_GAUGE } from '../lanes.ts'
import { tlsFactsOf } from '../tls/server-context.ts'
import type { Context } from '../worker/context.ts'
import type { Connection, Listener } from '../worker/listeners/listener.ts'
import type { Peer } from '../worker/listeners/peer.ts'
import { tunnelEntry } from '../worker/log/tunnel-entry.ts'
import { dial } from '../worker/pools/dial.ts'
import type { Member, Pool } from '../worker/pools/pool.ts'
import { Reads } from '../worker/reads.ts'
import { Timer } from '../worker/timer-wheel.ts'
import { Tunnel, type TunnelEnd } from './tunnel.ts'

/** One client's TCP connection, carried to one server. Until a server has accepted, not a byte of it is read. */
export class TcpConnection implements Connection {
  readonly #ctx: Context
  readonly #listener: Listener
  readonly #client: Socket
  readonly #timer: Timer
  readonly #tried = new Set<number>()
  readonly #startedMs = performance.now()
  readonly #peer: Peer
  #pool: Pool | null = null
  #member: Member | null = null
  #server: Socket | null = null
  #tunnel: Tunnel | null = null
  #edition = 0
  #serverTls: ServerTlsFacts | null = null
  #retried = 0

  constructor(ctx: Context, listener: Listener, peer: Peer) {
    const client = peer.socket
    this.#ctx = ctx
    this.#listener = listener
    this.#client = client
    this.#peer = peer
    this.#timer = new Timer(() => this.#connectFailed('connect-timeout'))
    client.on('error', () => client.destroy())
    client.on('close', () => this.#onClientClose())
    listener.connections.add(this)
    client.pause()
    this.#pool = listener.routes.matchHost(peer.serverName ?? '')?.pool ?? null
    if (this.#pool === null) this.#reject()
    else this.#begin(this.#pool)
  }

  /** A tunnel has no pause between requests: it ends by itself or at the deadline. */
  endWhenIdle(): void {}

  destroy(): void {
    this.#tunnel?.destroy('shutdown')
    this.#client.destroy()
  }

  #reject(): void {
    this.#ctx.lane.addListener(this.#listener.slot, LISTENER.rejected, 1)
    this.#client.destroy()
  }

  #begin(pool: Pool): void {
    this.#edition = pool.edition
    this.#ctx.lane.addPool(pool.slot, POOL.requests, 1)
    if (pool.hasRoom()) this.#connect(pool)
    else this.#refuse(pool)
  }

  #connect(pool: Pool): void {
    if (pool.edition !== this.#edition) {
      this.#edition = pool.edition
      this.#tried.clear()
    }
    const member = this.#pick(pool)
    if (member === null) {
      this.#refuse(pool)
      return
    }
    this.#member = member
    this.#count(member, 1)
    this.#ctx.lane.addMember(member.slot, MEMBER.requests, 1)
    this.#ctx.wheel.arm(this.#timer, pool.spec.connectMs)
    this.#open(pool, member)
  }

  /** Somebody who has not been tried and has room; null = nobody. */
  #pick(pool: Pool): Member | null {
    for (;;) {
      const picked = pool.pick(this.#tried, null, hashText(this.#peer.address))
      if (picked < 0) return null
      this.#tried.add(picked)
      const member = pool.members[picked]!
      if (member.server.mayOpen(pool.spec) && pool.mayOpen()) return member
    }
  }

  #open(pool: Pool, member: Member): void {
    let connected = false
    const reads = member.server.tls === null ? new Reads(this.#ctx.readBuffers) : null
    const ready = (): void => {
      connected = true
      this.#connected(pool, member, server, reads)
    }
    const server = dial(member.server, this.#peer, ready, reads)
    this.#server = server
    server.on('error', () => server.destroy())
    server.on('close', () => {
      this.#count(member, -1)
      if (!connected && this.#server === server) this.#connectFailed('connect-failed')
    })
  }

  #connected(pool: Pool, member: Member, server: Socket, reads: Reads | null): void {
    this.#ctx.wheel.release(this.#timer)
    this.#ctx.lane.addMember(member.slot, MEMBER.opened, 1)
    if (member.server.tls !== null) {
      this.#serverTls = tlsFactsOf(server as TLSSocket)
      this.#ctx.lane.countServerTls(pool.slot, this.#serverTls.group, this.#serverTls.resumed)
    }
    pool.reached(member)
    if (this.#client.destroyed) {
      server.destroy()
      return
    }
    this.#ctx.lane.countEnd(pool.slot, false)
    const time = { wheel: this.#ctx.wheel, idleMs: this.#listener.limits.idleMs }
    const listener = {
      onSent: (bytes: number) => this.#ctx.lane.addPool(pool.slot, POOL.sentToClients, bytes),
      onEnd: (end: TunnelEnd) => this.#ended(member, end),
    }
    const client = { stream: this.#client, reads: this.#peer.reads }
    this.#tunnel = new Tunnel({ client, server: { stream: server, reads } }, time, listener)
  }

  #connectFailed(why: 'connect-failed' | 'connect-timeout'): void {
    const pool = this.#pool!
    const member = this.#member!
    const server = this.#server
    this.#server = null
    server?.destroy()
    this.#ctx.lane.addMember(member.slot, MEMBER.failures, 1)
    this.#ctx.lane.addMember(member.slot, MEMBER.connectFailures, 1)
    pool.connectFailed(member)
    if (why === 'connect-timeout' && this.#retried >= pool.retries) {
      this.#refuse(pool)
      return
    }
    this.#retried++
    this.#ctx.lane.addPool(pool.slot, POOL.retries, 1)
    this.#connect(pool)
  }

  #refuse(pool: Pool): void {
    this.#ctx.wheel.release(this.#timer)
    this.#ctx.lane.addPool(pool.slot, POOL.refused, 1)
    this.#ctx.lane.countEnd(pool.slot, true)
    this.#log({ fromClient: 0, fromServer: 0, why: 'no-server' })
    this.#client.destroy()
  }

  #ended(member: Member, end: TunnelEnd): void {
    this.#ctx.lane.addMember(member.slot, MEMBER.bytesSent, end.fromClient)
    this.#ctx.lane.addMember(member.slot, MEMBER.bytesReceived, end.fromServer)
    this.#log(end)
  }

  /** In flight and connections are the same here: each connection is one request. */
  #count(member: Member, by: number): void {
    member.server.count(by)
    this.#ctx.lane.addServer(member.server.slot, by, 0)
    this.#ctx.lane.addMemberInFlight(member.slot, by)
    this.#ctx.lane.addPoolGauge(this.#pool!.slot, POOL_GAUGE.inFlight, by)
  }

  #onClientClose(): void {
    this.#ctx.wheel.release(this.#timer)
    this.#listener.connections.delete(this)
    if (this.#tunnel !== null) return
    const server = this.#server
    this.#server = null
    server?.destroy()
  }

  #log(end: TunnelEnd): void {
    const { accessLog } = this.#ctx
    if (accessLog === null) return
    const { fromClient: bytesIn, fromServer: bytesOut, why } = end
    const [pool, server] = [this.#pool?.name ?? null, this.#member?.id ?? null]
    accessLog.add(
      tunnelEntry(this.#startedMs, {
        listener: this.#listener.name,
        client: this.#peer.address,
        bytesIn,
        bytesOut,
        pool,
        server,
        retries: this.#retried,
        why,
        tls: this.#peer.tls,
        serverTls: this.#serverTls,
      }),
    )
  }
}
