import type {
  Balancer,
  BalancerSpec,
  BalancerStatus,
  Member,
  MemberSpec,
  MemberState,
} from '../core/balancer.ts'
import { canonical } from '../core/canonical.ts'
import { Fault } from '../core/fault.ts'
import { hash64 } from '../core/hash.ts'
import { sum } from '../core/sums.ts'
import type { Clock, Millis } from '../core/time.ts'

/** The world that an imaginary balancer stands in. */
export interface SimTraffic {
  /** Does a server at this address answer? */
  isUp(address: string): boolean
  /** Requests in flight that the clients of a pool cause now. */
  inFlight(pool: string): number
  /** How long a request takes: a drained member empties in this time. */
  readonly requestMs: Millis
}

interface Carried {
  spec: MemberSpec
  readonly fixed: boolean
  admitted: boolean
  state: MemberState
  sinceAt: Millis
  /** What it held when its drain began. */
  leaving: { readonly inFlight: number; readonly sinceAt: Millis } | null
}

/** What was dropped, and what it still held: for tests that nothing was cut off. */
export interface Dropped {
  readonly pool: string
  readonly id: string
  readonly at: Millis
  readonly inFlight: number
  /** Since when its weight had been 0; null when it never was. */
  readonly drainingSince: Millis | null
}

/** A balancer whose pools carry an imaginary load. It outlives the controllers that use it. */
export class SimBalancer implements Balancer {
  readonly dropped: Dropped[] = []
  /** While set, nothing is answered. */
  fault: Fault | null = null
  readonly #clock: Clock
  readonly #traffic: SimTraffic
  readonly #pools = new Map<string, Map<string, Carried>>()
  #spec: BalancerSpec | null = null
  #specHash: string | null = null

  constructor(clock: Clock, traffic: SimTraffic) {
    this.#clock = clock
    this.#traffic = traffic
  }

  async status(): Promise<BalancerStatus> {
    this.#answer()
    return {
      specHash: this.#specHash,
      bound: Object.fromEntries((this.#spec?.listeners ?? []).map(({ name, bind }) => [name, bind])),
      pools: [...this.#pools.keys()],
    }
  }

  async configure(spec: BalancerSpec): Promise<void> {
    this.#answer()
    this.#spec = spec
    this.#specHash = hash64(canonical(spec))
    const names = new Set(spec.pools.map((pool) => pool.name))
    for (const name of this.#pools.keys()) if (!names.has(name)) this.#pools.delete(name)
    for (const { name, servers } of spec.pools) {
      const pool = this.#pools.get(name) ?? new Map<string, Carried>()
      this.#pools.set(name, pool)
      const ids = new Set(servers.map((server) => server.id))
      for (const [id, member] of pool) if (member.fixed && !ids.has(id)) pool.delete(id)
      for (const server of servers) this.#upsert(pool, server, name, true)
    }
  }

  async members(pool: string): Promise<readonly Member[]> {
    const members = [...this.#pool(pool).values()]
    const weights = this.#servingWeight(pool)
    return members.map((member) => this.#shown(member, pool, weights))
  }

  async put(pool: string, members: readonly MemberSpec[]): Promise<void> {
    const carried = this.#pool(pool)
    for (const member of members) this.#upsert(carried, member, pool, carried.get(member.id)?.fixed ?? false)
  }

  async drop(pool: string, ids: readonly string[]): Promise<void> {
    const carried = this.#pool(pool)
    for (const id of ids) {
      const member = carried.get(id)
      if (!member) continue
      const inFlight = this.#carries(member, pool)
      const drainingSince = member.leaving?.sinceAt ?? null
      this.dropped.push({ pool, id, at: this.#clock.now(), inFlight, drainingSince })
      carried.delete(id)
    }
  }

  /** Started anew, without a snapshot. */
  forget(): void {
    this.#spec = null
    this.#specHash = null
    this.#pools.clear()
  }

  #answer(): void {
    if (this.fault) throw this.fault
  }

  #pool(name: string): Map<string, Carried> {
    this.#answer()
    const pool = this.#pools.get(name)
    if (pool) return pool
    throw new Fault('balancer.unknown-pool', `there is no pool ${name}`, { source: 'user', retry: 'yes' })
  }

  #upsert(pool: Map<string, Carried>, spec: MemberSpec, name: string, fixed: boolean): void {
    const now = this.#clock.now()
    const known = pool.get(spec.id)
    if (!known || known.spec.address !== spec.address) {
      pool.set(spec.id, { spec, fixed, admitted: false, state: 'checking', sinceAt: now, leaving: null })
      return
    }
    if (spec.weight === 0 && known.leaving === null) {
      known.leaving = { inFlight: this.#carries(known, name), sinceAt: now }
    }
    if (spec.weight > 0) known.leaving = null
    known.spec = spec
  }

  #shown(member: Carried, pool: string, weights: number): Member {
    const state = this.#stateOf(member)
    const serves = this.#serves(member, pool)
    const inFlight = this.#carries(member, pool, weights)
    return {
      ...member.spec,
      state,
      effectiveWeight: serves ? member.spec.weight : 0,
      inFlight,
      connections: inFlight,
      sinceAt: member.sinceAt,
      fixed: member.fixed,
      rps: 0,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      probes: [],
    }
  }

  /** One passed check admits; afterwards it may only fall ill. */
  #stateOf(member: Carried): MemberState {
    const up = this.#traffic.isUp(member.spec.address)
    member.admitted ||= up && member.spec.weight > 0
    const ill = member.admitted ? 'unhealthy' : 'checking'
    const state = member.spec.weight === 0 ? 'draining' : up ? 'healthy' : ill
    if (state !== member.state) member.sinceAt = this.#clock.now()
    member.state = state
    return state
  }

  /** Then those that are unhealthy carry too. */
  #isPanicking(pool: string): boolean {
    const states = [...this.#pool(pool).values()].map((member) => this.#stateOf(member))
    const healthy = states.filter((state) => state === 'healthy').length
    const serving = healthy + states.filter((state) => state === 'unhealthy').length
    return healthy < serving * (this.#spec?.panicRatio ?? 0)
  }

  #serves(member: Carried, pool: string): boolean {
    const state = this.#stateOf(member)
    return state === 'healthy' || (state === 'unhealthy' && this.#isPanicking(pool))
  }

  /** Requests in flight. `weights`: of all those that serve. */
  #carries(member: Carried, pool: string, weights = this.#servingWeight(pool)): number {
    const now = this.#clock.now()
    const { leaving, spec } = member
    if (leaving) return now - leaving.sinceAt < this.#traffic.requestMs ? leaving.inFlight : 0
    if (!this.#serves(member, pool)) return 0
    return Math.round((this.#traffic.inFlight(pool) * spec.weight) / weights)
  }

  #servingWeight(pool: string): number {
    const serving = [...this.#pool(pool).values()].filter((one) => this.#serves(one, pool))
    return sum(serving.map(({ spec }) => spec.weight))
  }
}
