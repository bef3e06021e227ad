import type { Context } from '../worker/context.ts'
import type { Endpoint } from '../worker/pools/dial.ts'
import type { Waiter } from '../worker/pools/waiter.ts'
import { Waiting } from '../worker/pools/waiting.ts'
import { ServerSession, type ServerSessionOwner } from './server-session.ts'

/** The server whose connections they are. */
export interface SharedServer extends Endpoint {
  /** False: no pool sends to it any more. */
  readonly wanted: boolean
  count(connections: number): void
}

/** One worker's HTTP/2 connections to one server: as few as its streams need. */
export class ServerSessions implements ServerSessionOwner {
  readonly endpoint: SharedServer
  readonly #ctx: Context
  readonly #sessions = new Set<ServerSession>()
  readonly #waiting: Waiting

  constructor(ctx: Context, server: SharedServer) {
    this.#ctx = ctx
    this.endpoint = server
    this.#waiting = new Waiting(ctx, (waiter) => this.acquire(waiter))
  }

  /** As `Server.acquire`: a stream of a connection that has room, else of a new one, else the next that is free. */
  acquire(waiter: Waiter): boolean {
    for (const session of this.#sessions) {
      if (!session.takesMore) continue
      session.take(waiter)
      return true
    }
    if (waiter.mayOpen()) this.#open(waiter)
    else if (waiter.mayWait(this.#waiting.size)) this.#waiting.add(waiter)
    else return false
    return true
  }

  forget(waiter: Waiter): void {
    this.#waiting.forget(waiter)
  }

  /** Those without streams now, the others after their streams. */
  end(): void {
    for (const session of [...this.#sessions]) session.end()
  }

  /** As `Server.closeOneIdle`. */
  endOneIdle(): boolean {
    for (const session of this.#sessions) {
      if (!session.isIdle) continue
      session.end()
      return true
    }
    return false
  }

  hasRoom(session: ServerSession): void {
    while (session.takesMore) {
      const next = this.#waiting.next()
      if (next === null) {
        this.#rest(session)
        return
      }
      session.take(next)
    }
  }

  #rest(session: ServerSession): void {
    if (!this.endpoint.wanted || this.#ctx.draining) session.end()
    else if (session.isIdle) this.#ctx.wake()
  }

  closed(session: ServerSession): void {
    this.#sessions.delete(session)
    this.endpoint.count(-1)
    this.#waiting.wake()
    this.#ctx.wake()
  }

  #open(waiter: Waiter): void {
    this.endpoint.count(1)
    const session = new ServerSession(this.#ctx, this, waiter)
    this.#sessions.add(session)
    session.take(waiter)
  }
}
