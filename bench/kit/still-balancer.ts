import type { Balancer, BalancerStatus, Member, MemberSpec } from '../../src/core/balancer.ts'

/** Pools whose members are healthy at once and hold one request each: a balancer that costs nothing beside a controller. */
export class StillBalancer implements Pick<Balancer, 'members' | 'put' | 'drop' | 'status' | 'configure'> {
  readonly #pools = new Map<string, Map<string, Member>>()

  async status(): Promise<BalancerStatus> {
    return { specHash: null, bound: {}, pools: [...this.#pools.keys()] }
  }

  async configure(): Promise<void> {}

  async members(pool: string): Promise<readonly Member[]> {
    return [...this.#of(pool).values()]
  }

  async put(pool: string, members: readonly MemberSpec[]): Promise<void> {
    for (const spec of members) this.#of(pool).set(spec.id, memberOf(spec))
  }

  async drop(pool: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#of(pool).delete(id)
  }

  #of(pool: string): Map<string, Member> {
    const members = this.#pools.get(pool) ?? new Map<string, Member>()
    this.#pools.set(pool, members)
    return members
  }
}

function memberOf(spec: MemberSpec): Member {
  const serves = spec.weight > 0
  return {
    ...spec,
    state: serves ? 'healthy' : 'draining',
    effectiveWeight: spec.weight,
    inFlight: serves ? 1 : 0,
    connections: serves ? 1 : 0,
    sinceAt: 0,
    fixed: false,
    rps: null,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    probes: [],
  }
}
