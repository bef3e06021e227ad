import { createPicker, type Field, type Picker } from '../../balancing/picker.ts'
import type { Algorithm } from '../../core/algorithm.ts'
import type { AttemptSpec, BreakerSpec } from '../../core/attempts.ts'
import type { UpstreamSpec } from '../../core/balancer.ts'
import type { SnapshotPool } from '../../core/snapshot.ts'
import type { Rng } from '../../core/time.ts'
import { POOL_GAUGE } from '../lanes.ts'
import { HEDGES, RETRIES, RetryBudget } from './budget.ts'
import type { Context } from './context.ts'
import type { Server } from './server.ts'

const NO_LIMITS: AttemptSpec = { tryMs: null, totalMs: null, hedgeMs: null }
/** How long this worker avoids a member that refused a connection; main's verdict takes over within that time. */
const SKIP_MS = 1_000

export interface Member {
  readonly id: string
  readonly server: Server
  readonly slot: number
  readonly draining: boolean
  /** Until when this worker avoids it, by `Context.nowMs`. */
  skipUntilMs: number
}

/** A pool of one worker: its members as the picker sees them. Lives as long as snapshots have a pool of its name. */
export class Pool implements Field {
  readonly name: string
  readonly budget = new RetryBudget(RETRIES)
  slot = 0
  retries = 0
  spec: UpstreamSpec
  attempts: AttemptSpec = NO_LIMITS
  members: readonly Member[] = []
  /** Changes when `members` does: indices from before mean nothing then. */
  edition = 0
  readonly #ctx: Context
  readonly #rng: Rng
  /** One an algorithm that the pool or a rule has asked for: each keeps its own place. */
  readonly #pickers = new Map<Algorithm, Picker>()
  #picker: Picker
  #skipsUntilMs = 0
  #breaker: BreakerSpec | null = null
  #hedges: RetryBudget | null = null

  constructor(ctx: Context, rng: Rng, from: SnapshotPool) {
    this.#ctx = ctx
    this.#rng = rng
    this.name = from.name
    this.spec = from.upstream
    this.#picker = this.#pickerOf(from.algorithm)
  }

  update(from: SnapshotPool, serverOf: (member: SnapshotPool['members'][number]) => Server): void {
    const known = new Map(this.members.map((member) => [member.id, member]))
    this.slot = from.poolSlot
    this.retries = from.retries
    this.spec = from.upstream
    this.attempts = from.attempts ?? NO_LIMITS
    this.#breaker = from.breaker ?? null
    this.#hedges = this.attempts.hedgeMs === null ? null : (this.#hedges ?? new RetryBudget(HEDGES))
    this.members = from.members.map((member) => ({
      id: member.id,
      server: serverOf(member),
      slot: member.memberSlot,
      draining: member.draining,
      skipUntilMs: known.get(member.id)?.skipUntilMs ?? 0,
    }))
    this.edition++
    this.#picker = this.#pickerOf(from.algorithm)
  }

  /** The configuration has it no more: whoever still asks it finds nobody, for its slots may have other owners. */
  empty(): void {
    this.members = []
    this.edition++
  }

  get size(): number {
    return this.members.length
  }

  weight(i: number): number {
    const member = this.members[i]!
    if (member.draining) return 0
    if (this.#skipsUntilMs !== 0 && member.skipUntilMs > this.#ctx.nowMs) return 0
    if (this.#breaker !== null && this.#isServerFull(i)) return 0
    return this.#ctx.weights.get(member.slot)
  }

  inFlight(i: number): number {
    return this.#ctx.reader.serverInFlight(this.members[i]!.server.slot)
  }

  /** An index into `members`; -1 = there is nobody to ask. Members that this worker avoids are better than nobody. `algorithm` is a
   *  rule's; null = the pool's own. */
  pick(tried: ReadonlySet<number> | null, algorithm: Algorithm | null): number {
    if (this.#skipsUntilMs !== 0 && this.#skipsUntilMs <= this.#ctx.nowMs) this.#skipsUntilMs = 0
    const picker = algorithm === null ? this.#picker : this.#pickerOf(algorithm)
    const picked = picker.pick(this, tried)
    if (picked >= 0 || this.#skipsUntilMs === 0) return picked
    const skips = this.#skipsUntilMs
    this.#skipsUntilMs = 0
    const skipped = picker.pick(this, tried)
    this.#skipsUntilMs = skips
    return skipped
  }

  #pickerOf(algorithm: Algorithm): Picker {
    let picker = this.#pickers.get(algorithm)
    if (picker === undefined) this.#pickers.set(algorithm, (picker = createPicker(algorithm, this.#rng)))
    return picker
  }

  /** A request has come in. */
  arrive(): void {
    this.budget.arrive(this.#ctx.nowMs)
    this.#hedges?.arrive(this.#ctx.nowMs)
  }

  /** May a request be sent to a second server beside the first? */
  takeHedge(): boolean {
    return this.#hedges?.take(this.#ctx.nowMs) ?? false
  }

  /** Another request may be in flight in it. */
  hasRoom(): boolean {
    const most = this.#breaker?.requests ?? null
    return most === null || this.#ctx.reader.poolGauge(this.slot, POOL_GAUGE.inFlight) < most
  }

  /** Another request may wait for a connection. */
  mayWait(): boolean {
    const most = this.#breaker?.pending ?? null
    return most === null || this.#ctx.reader.poolGauge(this.slot, POOL_GAUGE.pending) < most
  }

  /** Another connection to one of its servers may be opened. */
  mayOpen(): boolean {
    const most = this.#breaker?.connections ?? null
    if (most === null) return true
    let open = 0
    for (const { server } of this.members) open += this.#ctx.reader.serverConnections(server.slot)
    return open < most
  }

  #isServerFull(i: number): boolean {
    const most = this.#breaker?.serverRequests ?? null
    return most !== null && this.inFlight(i) >= most
  }

  connectFailed(member: Member): void {
    this.#ctx.lane.setFailuresInRow(member.slot, this.#ctx.lane.failuresInRow(member.slot) + 1)
    member.skipUntilMs = this.#ctx.nowMs + SKIP_MS
    this.#skipsUntilMs = member.skipUntilMs
  }

  /** It has accepted a connection or answered. */
  reached(member: Member): void {
    if (this.#ctx.lane.failuresInRow(member.slot) !== 0) this.#ctx.lane.setFailuresInRow(member.slot, 0)
  }
}
