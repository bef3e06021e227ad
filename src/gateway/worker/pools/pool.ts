import { AdaptiveLimit } from '../../../balancing/adaptive-limit.ts'
import { hashText } from '../../../balancing/hash.ts'
import { PeakEwma } from '../../../balancing/peak-ewma.ts'
import { createPicker, type Field, type Picker } from '../../../balancing/picker.ts'
import type { Algorithm, HashSpec, SpreadSpec } from '../../../core/algorithm.ts'
import type { AttemptSpec, BreakerSpec } from '../../../core/attempts.ts'
import type { UpstreamSpec } from '../../../core/balancer.ts'
import type { SnapshotPool } from '../../../core/snapshot.ts'
import type { Rng } from '../../../core/time.ts'
import { Affinity } from '../../http/affinity.ts'
import { POOL, POOL_GAUGE } from '../../lanes.ts'
import type { Context } from '../context.ts'
import { HEDGES, RETRIES, RetryBudget } from './budget.ts'
import type { Server } from './server.ts'

const NO_LIMITS: AttemptSpec = { tryMs: null, totalMs: null, hedgeMs: null }
/** How long this worker avoids a member that refused a connection; main's verdict takes over within that time. */
const SKIP_MS = 1_000

export interface Member {
  readonly id: string
  readonly server: Server
  readonly slot: number
  readonly draining: boolean
  /** Of its id. */
  readonly identity: number
  /** What this worker knows of its latency. */
  readonly latency: PeakEwma
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
  algorithm: Algorithm
  hash: HashSpec | null = null
  affinity: Affinity | null = null
  members: readonly Member[] = []
  /** Changes when `members` does: indices from before mean nothing then. */
  edition = 0
  readonly #ctx: Context
  readonly #rng: Rng
  #picker: Picker
  /** Those of rules that spread in a way of their own. */
  #pickers = new WeakMap<SpreadSpec, Picker>()
  #skipsUntilMs = 0
  #breaker: BreakerSpec | null = null
  #adaptive: AdaptiveLimit | null = null
  #hedges: RetryBudget | null = null
  #countsErrors = false
  /** Since when somebody picks by latency: what began before was not counted, and its end is not either. */
  #timedSinceMs = Number.POSITIVE_INFINITY
  #generation = 0
  #lookedMs = 0
  #lookedEdition = 0

  constructor(ctx: Context, rng: Rng, from: SnapshotPool) {
    this.#ctx = ctx
    this.#rng = rng
    this.name = from.name
    this.spec = from.upstream
    this.algorithm = from.algorithm
    this.hash = from.hash ?? null
    this.#picker = this.#make(from.algorithm, this.hash)
  }

  update(from: SnapshotPool, serverOf: (member: SnapshotPool['members'][number]) => Server): void {
    const known = new Map(this.members.map((member) => [member.id, member]))
    this.slot = from.poolSlot
    this.retries = from.retries
    this.spec = from.upstream
    this.attempts = from.attempts ?? NO_LIMITS
    this.#breaker = from.breaker ?? null
    this.#adapt(from.breaker?.adaptive ?? null)
    this.#hedges = this.attempts.hedgeMs === null ? null : (this.#hedges ?? new RetryBudget(HEDGES))
    this.members = from.members.map((member) => ({
      id: member.id,
      server: serverOf(member),
      slot: member.memberSlot,
      draining: member.draining,
      identity: hashText(member.id),
      latency: known.get(member.id)?.latency ?? new PeakEwma(),
      skipUntilMs: known.get(member.id)?.skipUntilMs ?? 0,
    }))
    this.edition++
    this.#updateAffinity(from.affinity)
    this.#countsErrors = from.countsErrors ?? false
    const hasNewBound = from.hash?.bound !== this.hash?.bound
    const isOther = from.algorithm !== this.algorithm || hasNewBound
    this.algorithm = from.algorithm
    this.hash = from.hash ?? null
    // The bound of a hash is the picker's own.
    if (hasNewBound) this.#pickers = new WeakMap()
    if (isOther) this.#picker = this.#make(from.algorithm, this.hash)
  }

  /** What it has found out stays while its least does. */
  #adapt(least: number | null): void {
    if (least === (this.#adaptive?.least ?? null)) return
    const { inFlight } = this.#adaptive ?? { inFlight: 0 }
    this.#adaptive = least === null ? null : new AdaptiveLimit(least, inFlight)
  }

  /** The configuration has it no more: whoever still asks it finds nobody, for its slots may have other owners. */
  empty(): void {
    this.members = []
    this.edition++
  }

  #updateAffinity(spec: SnapshotPool['affinity']): void {
    if (spec === undefined) this.affinity = null
    else if (!this.affinity?.isFor(spec)) this.affinity = new Affinity(this.name, spec)
    this.affinity?.update(this.members.map(({ id }) => id))
  }

  /** The member, if sessions with it go on: a draining one keeps its own until it goes; -1 if they are lost with it. */
  sessionWith(i: number): number {
    const member = this.members[i]
    return member !== undefined && (member.draining || this.steadyWeight(i) > 0) ? i : -1
  }

  /** A request may be sent to it at this moment: it is neither full nor out of reach. */
  takesNow(i: number): boolean {
    return this.members[i]!.skipUntilMs <= this.#ctx.nowMs && !this.#isServerFull(i)
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

  /** Other weights are looked up at most once a tick, since a table is made anew for each; other members at once, for a table of those
   *  before has places that are nobody's. */
  get generation(): number {
    if (this.#lookedMs !== this.#ctx.nowMs || this.#lookedEdition !== this.edition) {
      this.#lookedEdition = this.edition
      this.#lookedMs = this.#ctx.nowMs
      this.#generation = this.edition * 2 ** 31 + this.#ctx.weights.generation
    }
    return this.#generation
  }

  get totalInFlight(): number {
    return this.#ctx.reader.poolGauge(this.slot, POOL_GAUGE.inFlight)
  }

  steadyWeight(i: number): number {
    const member = this.members[i]!
    return member.draining ? 0 : this.#ctx.weights.get(member.slot)
  }

  latency(i: number): number {
    return this.members[i]!.latency.read(performance.now())
  }

  identity(i: number): number {
    return this.members[i]!.identity
  }

  inFlight(i: number): number {
    return this.#ctx.reader.serverInFlight(this.members[i]!.server.slot)
  }

  /** It has a server that is fit to be sent requests, if perhaps not at this moment. In panic one that is not fit may be sent some all
   *  the same, but nobody should count on it. */
  get hasFitServer(): boolean {
    return this.members.some(({ draining, slot }) => !draining && this.#ctx.weights.isFit(slot))
  }

  /** A request that was for it goes elsewhere, since it has no server: a fleet that grows by requests hears of it all the same. */
  missed(): void {
    this.#ctx.lane.addPool(this.slot, POOL.requests, 1)
  }

  /** An index into `members`; -1 = there is nobody to ask. Members that this worker avoids are better than nobody. `spread` is a
   *  rule's; null = as the pool says. `key`: what the algorithm hashes, if it does. */
  pick(tried: ReadonlySet<number> | null, spread: SpreadSpec | null, key: number): number {
    if (this.#skipsUntilMs !== 0 && this.#skipsUntilMs <= this.#ctx.nowMs) this.#skipsUntilMs = 0
    const picker = spread === null ? this.#picker : this.#pickerOf(spread)
    const picked = picker.pick(this, tried, key)
    if (picked >= 0 || this.#skipsUntilMs === 0) return picked
    const skips = this.#skipsUntilMs
    this.#skipsUntilMs = 0
    const skipped = picker.pick(this, tried, key)
    this.#skipsUntilMs = skips
    return skipped
  }

  #pickerOf(spread: SpreadSpec): Picker {
    let picker = this.#pickers.get(spread)
    if (picker === undefined)
      this.#pickers.set(spread, (picker = this.#make(spread.algorithm, spread.hash ?? this.hash)))
    return picker
  }

  #make(algorithm: Algorithm, hash: HashSpec | null): Picker {
    if (algorithm === 'least-time') this.#timedSinceMs = Math.min(this.#timedSinceMs, performance.now())
    return createPicker(algorithm, hash, this.#rng)
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
    if (this.#adaptive !== null && !this.#adaptive.hasRoom()) return false
    const most = this.#breaker?.requests ?? null
    return most === null || this.#ctx.reader.poolGauge(this.slot, POOL_GAUGE.inFlight) < most
  }

  /** Another request may wait for a connection. */
  mayWait(): boolean {
    const most = this.#breaker?.pending ?? null
    return most === null || this.#ctx.reader.poolGauge(this.slot, POOL_GAUGE.pending) < most
  }

  /** Another connection to one of its servers may be opened. Idle ones keep nobody out: where they are too many, one is given up, and
   *  there is room when it has closed. */
  mayOpen(): boolean {
    const most = this.#breaker?.connections ?? null
    if (most === null) return true
    let open = 0
    for (const { server } of this.members) open += this.#ctx.reader.serverConnections(server.slot)
    if (open < most) return true
    this.members.some(({ server }) => server.closeOneIdle())
    return false
  }

  #isServerFull(i: number): boolean {
    const most = this.#breaker?.serverRequests ?? null
    return most !== null && this.inFlight(i) >= most
  }

  /** A request has been sent to it, or waits for a connection. */
  begun(member: Member, nowMs: number): void {
    if (nowMs > this.#timedSinceMs) member.latency.begin(nowMs)
    this.#adaptive?.begun()
  }

  /** What came of it: an answer of 5xx, or a broken one, is `failed`. `beganMs` as `begun` was told it. */
  answered(member: Member, failed: boolean, beganMs: number): void {
    if (beganMs > this.#timedSinceMs) {
      const nowMs = performance.now()
      member.latency.end(beganMs)
      member.latency.observe(nowMs - beganMs, failed, nowMs)
    }
    if (this.#adaptive !== null) {
      const nowMs = performance.now()
      // Errors are no fast answers.
      this.#adaptive.ended(failed ? null : nowMs - beganMs, nowMs)
    }
    if (!this.#countsErrors) return
    const { lane } = this.#ctx
    if (failed) lane.setErrorsInRow(member.slot, lane.errorsInRow(member.slot) + 1)
    else if (lane.errorsInRow(member.slot) !== 0) lane.setErrorsInRow(member.slot, 0)
  }

  /** Nobody waits for its answer any more. */
  gaveUp(member: Member, beganMs: number): void {
    if (beganMs > this.#timedSinceMs) member.latency.end(beganMs)
    this.#adaptive?.ended(null, performance.now())
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
