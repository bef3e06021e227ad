import type { Snapshot, SnapshotMember } from '../../core/snapshot.ts'
import type { Rng } from '../../core/time.ts'
import type { ServerTls } from '../../core/tls.ts'
import { ContextCache } from '../tls/context-cache.ts'
import { ServerContext } from '../tls/server-context.ts'
import type { Context } from './context.ts'
import { AccessLog } from './log/access-log.ts'
import { kindOf } from './pools/dial.ts'
import { Pool } from './pools/pool.ts'
import { Server } from './pools/server.ts'

/** Servers and pools of one worker. What they know and hold stays when a snapshot changes what is around it. */
export class State {
  readonly pools = new Map<string, Pool>()
  readonly ctx: Context
  readonly rng: Rng
  readonly #contexts = new ContextCache((keys: ServerTls) => new ServerContext(keys))
  classSlots: Snapshot['classSlots'] = {}
  #servers = new Map<string, Server>()

  constructor(ctx: Context, rng: Rng) {
    this.ctx = ctx
    this.rng = rng
  }

  apply(snapshot: Snapshot): void {
    this.#forgetServers()
    for (const server of this.#servers.values()) server.wanted = false
    const names = new Set(snapshot.pools.map((pool) => pool.name))
    for (const [name, pool] of this.pools) {
      if (names.has(name)) continue
      pool.empty()
      this.pools.delete(name)
    }
    for (const from of snapshot.pools) {
      const pool = this.pools.get(from.name) ?? new Pool(this.ctx, this.rng, from)
      this.pools.set(from.name, pool)
      const tls = this.#contexts.of(from.keys)
      const kind = kindOf(from.upstream, tls)
      pool.update(from, (member) =>
        this.#serverOf(kind, member, () => new Server(this.ctx, member, from.upstream, tls)),
      )
    }
    for (const server of this.#servers.values()) if (!server.wanted) server.closeIdle()
    this.#contexts.turn()
    this.classSlots = snapshot.classSlots
    this.#applyLog(snapshot.accessLog)
    this.ctx.makesTraces = snapshot.makesTraces ?? false
  }

  #applyLog(spec: Snapshot['accessLog']): void {
    const before = this.ctx.accessLog
    if (spec?.path === before?.spec.path && spec?.format === before?.spec.format) return
    void before?.close()
    this.ctx.accessLog = spec === null ? null : new AccessLog(spec)
  }

  closeIdle(serverSlots: readonly number[] | null): void {
    for (const server of this.#servers.values()) {
      if (serverSlots === null || serverSlots.includes(server.slot)) server.closeIdle()
    }
  }

  #serverOf(kind: string, member: SnapshotMember, make: () => Server): Server {
    const key = `${member.serverSlot} ${member.host}:${member.port} ${kind}`
    const server = this.#servers.get(key) ?? make()
    this.#servers.set(key, server)
    if (!member.draining) server.wanted = true
    return server
  }

  /** A server that no snapshot names lives until its last connection has ended. */
  #forgetServers(): void {
    for (const [key, server] of this.#servers) {
      if (!server.wanted && server.open === 0) this.#servers.delete(key)
    }
  }
}
