import type { ResponseHead } from '../../http1/response-head.ts'
import { MEMBER, POOL_GAUGE } from '../../lanes.ts'
import type { Context } from '../../worker/context.ts'
import type { Peer } from '../../worker/listeners/peer.ts'
import type { Member, Pool } from '../../worker/pools/pool.ts'
import type { Waiter } from '../../worker/pools/waiter.ts'
import type { Memory } from '../../worker/reads.ts'
import type { Loss, ServerSide, Switched } from '../server-side.ts'

/** Who is told what an attempt hears from its server; `answered`, `switched` and `lost` are the last. */
export interface AttemptOwner {
  readonly peer: Peer
  /** Of `ms`, as much as the request's deadline leaves. */
  left(ms: number): number
  connecting(): void
  connected(attempt: Attempt, server: ServerSide): void
  interim(attempt: Attempt, head: ResponseHead, bytes: Buffer): void
  head(attempt: Attempt, head: ResponseHead, bytes: Buffer): void
  body(bytes: Buffer, start: number, end: number): void
  flush(): void
  answered(trailers: Buffer | null): void
  readonly memory: Memory
  switched(head: ResponseHead, bytes: Buffer, tunnel: Switched): void
  lost(attempt: Attempt, loss: Loss): void
  drained(): void
}

/** One try of a request on one member, and what it holds of it. Reused from try to try. */
export class Attempt implements Waiter {
  member: Member | null = null
  /** Null while it waits for a connection. */
  server: ServerSide | null = null
  isConnected = false
  /** The member's index in the pool as of the edition it was picked from. */
  picked = -1
  pool: Pool | null = null
  readonly #ctx: Context
  readonly #owner: AttemptOwner
  #holds = false
  #isPending = false
  #startedMs = 0
  /** Its member owes it an answer. */
  #awaits = false

  constructor(ctx: Context, owner: AttemptOwner) {
    this.#ctx = ctx
    this.#owner = owner
  }

  /** It has a member and no connection to it yet. */
  get waits(): boolean {
    return this.#holds && this.server === null
  }

  /** False = too many wait already. The owner may have heard of its end when this returns. */
  begin(pool: Pool, picked: number, fresh: boolean): boolean {
    const member = pool.members[picked]!
    this.pool = pool
    this.picked = picked
    this.member = member
    this.isConnected = false
    this.server = null
    this.#startedMs = performance.now()
    this.#holds = true
    this.#awaits = true
    pool.begun(member, this.#startedMs)
    this.#ctx.lane.addServer(member.server.slot, 1, 0)
    this.#ctx.lane.addMemberInFlight(member.slot, 1)
    return member.server.acquire(this, fresh)
  }

  /** Holds its member no longer. */
  leave(): void {
    const member = this.member
    if (member === null || !this.#holds) return
    this.#holds = false
    this.#pend(false)
    if (this.#awaits) {
      this.#awaits = false
      this.pool!.gaveUp(member, this.#startedMs)
    }
    this.#ctx.lane.addServer(member.server.slot, -1, 0)
    this.#ctx.lane.addMemberInFlight(member.slot, -1)
    if (this.server !== null) {
      this.#ctx.lane.addMember(member.slot, MEMBER.bytesSent, this.server.sent)
      this.#ctx.lane.addMember(member.slot, MEMBER.bytesReceived, this.server.received)
    }
    this.server = null
    this.isConnected = false
  }

  /** Nothing more is wanted of it, whatever its state. */
  abandon(): void {
    if (!this.#holds) return
    this.member!.server.forget(this)
    const { server } = this
    this.leave()
    server?.abandon()
  }

  mayOpen(): boolean {
    const { server } = this.member!
    // Each server may have one in any case, or the others' idle ones could starve it.
    return server.open === 0 || (server.mayOpen(this.pool!.spec) && this.pool!.mayOpen())
  }

  mayWait(waiting: number): boolean {
    if (waiting >= this.pool!.spec.maxPending || !this.pool!.mayWait()) return false
    this.#pend(true)
    return true
  }

  get connectMs(): number {
    return this.#owner.left(this.pool!.spec.connectMs)
  }

  get peer(): Peer {
    return this.#owner.peer
  }

  connecting(server: ServerSide): void {
    this.#pend(false)
    this.server = server
    this.#owner.connecting()
  }

  connected(server: ServerSide): void {
    const member = this.member!
    this.#pend(false)
    this.server = server
    this.isConnected = true
    this.#ctx.lane.addMember(member.slot, MEMBER.requests, 1)
    this.#ctx.lane.addMember(member.slot, server.uses === 0 ? MEMBER.opened : MEMBER.reused, 1)
    if (server.tls !== null && server.uses === 0) {
      this.#ctx.lane.countServerTls(this.pool!.slot, server.tls.group, server.tls.resumed)
    }
    this.pool!.reached(member)
    this.#owner.connected(this, server)
  }

  interim(head: ResponseHead, bytes: Buffer): void {
    this.#owner.interim(this, head, bytes)
  }

  head(head: ResponseHead, bytes: Buffer): void {
    this.#countAnswer(head.status)
    this.#owner.head(this, head, bytes)
  }

  body(bytes: Buffer, start: number, end: number): void {
    this.#owner.body(bytes, start, end)
  }

  flush(): void {
    this.#owner.flush()
  }

  answered(trailers: Buffer | null): void {
    this.#owner.answered(trailers)
  }

  switched(head: ResponseHead, bytes: Buffer, tunnel: Switched): void {
    this.#countAnswer(head.status)
    this.#owner.switched(head, bytes, tunnel)
  }

  /** What came with the 101 has been counted by then. */
  tunnelled(fromClient: number, fromServer: number): void {
    this.#ctx.lane.addMember(this.member!.slot, MEMBER.bytesSent, fromClient)
    this.#ctx.lane.addMember(this.member!.slot, MEMBER.bytesReceived, fromServer)
  }

  lost(loss: Loss): void {
    const member = this.member!
    this.#answered(true)
    this.#ctx.lane.addMember(member.slot, MEMBER.failures, 1)
    if (loss === 'connect-failed' || loss === 'connect-timeout' || loss === 'tls-failed') {
      this.#ctx.lane.addMember(member.slot, MEMBER.connectFailures, 1)
      this.pool!.connectFailed(member)
    }
    this.#owner.lost(this, loss)
  }

  drained(): void {
    this.#owner.drained()
  }

  get memory(): Memory {
    return this.#owner.memory
  }

  #answered(failed: boolean): void {
    if (!this.#awaits) return
    this.#awaits = false
    this.pool!.answered(this.member!, failed, this.#startedMs)
  }

  #countAnswer(status: number): void {
    this.#answered(status >= 500)
    this.#ctx.lane.countAnswer(this.member!.slot, status, performance.now() - this.#startedMs)
  }

  #pend(isPending: boolean): void {
    if (isPending === this.#isPending) return
    this.#isPending = isPending
    this.#ctx.lane.addPoolGauge(this.pool!.slot, POOL_GAUGE.pending, isPending ? 1 : -1)
  }
}
