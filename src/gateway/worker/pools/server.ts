import type { ProxyVersion, UpstreamSpec } from '../../../core/balancer.ts'
import { KEEP_ALIVE, type KeepAliveSpec } from '../../../core/keep-alive.ts'
import type { SnapshotMember } from '../../../core/snapshot.ts'
import { Upstream, type UpstreamOwner } from '../../http1/upstream.ts'
import { ServerSessions } from '../../http2/server-sessions.ts'
import type { ServerContext } from '../../tls/server-context.ts'
import type { Context } from '../context.ts'
import type { Waiter } from './waiter.ts'
import { Waiting } from './waiting.ts'

/** A server and this worker's connections to it. Pools that connect alike share it; snapshots come and go around it. */
export class Server implements UpstreamOwner {
  readonly host: string
  readonly port: number
  readonly name: string
  readonly slot: number
  readonly keepAlive: KeepAliveSpec
  readonly proxyProtocol: ProxyVersion | null
  readonly tls: ServerContext | null
  readonly protocols: readonly string[]
  session: Buffer | null = null
  /** False: no pool sends to it any more, so no idle connection is kept. */
  wanted = true
  /** This worker's connections, whatever their state. */
  open = 0
  readonly #ctx: Context
  readonly #idle: Upstream[] = []
  readonly #waiting: Waiting
  /** Null = one request a connection at a time. */
  readonly #sessions: ServerSessions | null

  constructor(
    ctx: Context,
    at: Pick<SnapshotMember, 'host' | 'port' | 'name' | 'serverSlot'>,
    spec: UpstreamSpec,
    tls: ServerContext | null,
  ) {
    this.#ctx = ctx
    this.host = at.host
    this.port = at.port
    this.name = at.name ?? at.host
    this.slot = at.serverSlot
    this.keepAlive = spec.keepAlive ?? KEEP_ALIVE
    this.proxyProtocol = spec.proxyProtocol ?? null
    this.tls = tls
    this.protocols = spec.protocol === 'http2' ? ['h2'] : []
    this.#waiting = new Waiting(ctx, (waiter) => this.#connect(waiter))
    this.#sessions = spec.protocol === 'http2' ? new ServerSessions(ctx, this) : null
  }

  /**
   * Gives the request a connection: an idle one at once (the last used first, so that the others age out), a new one
   * when it is open, or the next one that is released. False = too many wait already. `fresh` = no idle one will do.
   */
  acquire(waiter: Waiter, fresh: boolean): boolean {
    if (this.#sessions !== null) return this.#sessions.acquire(waiter)
    const idle = fresh ? null : this.#takeIdle()
    if (idle !== null) idle.take(waiter)
    else if (waiter.mayOpen()) this.#connect(waiter)
    else if (waiter.mayWait(this.#waiting.size)) this.#waiting.add(waiter)
    else return false
    return true
  }

  /** Waits no longer. */
  forget(waiter: Waiter): void {
    this.#waiting.forget(waiter)
    this.#sessions?.forget(waiter)
  }

  closeIdle(): void {
    this.#sessions?.end()
    for (const upstream of this.#idle.splice(0)) upstream.abandon()
  }

  /** Gives up the connection that has been idle longest, if there is one: it counts until it has closed. */
  closeOneIdle(): boolean {
    if (this.#sessions !== null) return this.#sessions.endOneIdle()
    const upstream = this.#idle.shift()
    upstream?.abandon()
    return upstream !== undefined
  }

  released(upstream: Upstream): void {
    const next = this.#waiting.next()
    if (next !== null) upstream.take(next)
    else if (this.wanted && !this.#ctx.draining) {
      this.#idle.push(upstream)
      this.#ctx.wake()
    } else upstream.abandon()
  }

  closed(upstream: Upstream): void {
    this.count(-1)
    const at = this.#idle.indexOf(upstream)
    if (at >= 0) this.#idle.splice(at, 1)
    this.#waiting.wake()
    this.#ctx.wake()
  }

  /** For tunnels of TCP listeners, which open their own connections. */
  count(connections: number): void {
    this.open += connections
    this.#ctx.lane.addServer(this.slot, 0, connections)
  }

  /** The limit holds over all workers; each may have one in any case, or the others' idle ones could starve it. */
  mayOpen(spec: UpstreamSpec): boolean {
    return this.open === 0 || this.#ctx.reader.serverConnections(this.slot) < spec.maxConnections
  }

  #takeIdle(): Upstream | null {
    for (;;) {
      const upstream = this.#idle.pop()
      if (upstream === undefined) return null
      if (upstream.usable) return upstream
    }
  }

  #connect(waiter: Waiter): void {
    this.count(1)
    waiter.connecting(new Upstream(this.#ctx, this, waiter))
  }
}
