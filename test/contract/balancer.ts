import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Balancer, BalancerSpec, Member, MemberSpec, PoolSpec } from '../../src/core/balancer.ts'
import { canonical } from '../../src/core/canonical.ts'
import { hash64 } from '../../src/core/hash.ts'
import { KEEP_ALIVE } from '../../src/core/keep-alive.ts'

/** One balancer under test, empty at first, and the powers over its world that the suite needs. */
export interface BalancerHarness {
  readonly balancer: Balancer
  /** A server that passes its checks until it falls. */
  aServer(): Promise<{ readonly address: string; fall(): Promise<void> }>
  /** Lets a little time pass: really, or on a virtual clock. Waiting in the suite is a bounded number of these. */
  pass(): Promise<void>
  close(): Promise<void>
}

const ROUNDS = 500
const never = new AbortController().signal

export function aPoolSpec(name: string, servers: readonly MemberSpec[] = []): PoolSpec {
  return {
    name,
    algorithm: 'round-robin',
    health: {
      type: 'http',
      path: '/health',
      expect: { from: 200, to: 399 },
      intervalMs: 100,
      timeoutMs: 1000,
      unhealthy: 2,
      healthy: 1,
    },
    slowStartMs: 0,
    upstream: { connectMs: 1000, idleMs: 4000, maxConnections: 100, maxPending: 100, keepAlive: KEEP_ALIVE },
    retries: 2,
    servers,
    fleets: [],
  }
}

export function aBalancerSpec(pools: readonly PoolSpec[]): BalancerSpec {
  return { name: 'gateway', listeners: [], pools, panicRatio: 0, accessLog: null, bandwidthBps: null }
}

/** What every balancer, and its stand-in, must keep. */
export function balancerContract(name: string, make: () => Promise<BalancerHarness>): void {
  let harness: BalancerHarness
  describe(`balancer contract: ${name}`, () => {
    beforeEach(async () => {
      harness = await make()
    })
    afterEach(() => harness.close())
    configuring(() => harness)
    keepingMembers(() => harness)
    admitting(() => harness)
  })
}

function configuring(harness: () => BalancerHarness): void {
  test('carries nothing before it is configured, and says so', async () => {
    expect(await harness().balancer.status(never)).toMatchObject({ specHash: null, pools: [] })
  })

  test('shows by its hash that a specification has landed, also when it is sent twice', async () => {
    const { balancer } = harness()
    const spec = aBalancerSpec([aPoolSpec('api'), aPoolSpec('assets')])
    for (const _ of [1, 2]) {
      await balancer.configure(spec, never)
      const status = await balancer.status(never)
      expect(status.specHash).toBe(hash64(canonical(spec)))
      expect(status.pools).toEqual(['api', 'assets'])
    }
  })

  test('knows no pool that is not in its specification', async () => {
    const { balancer } = harness()
    await balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
    const member = { id: 'a', address: '127.0.0.1:1', weight: 1 }
    const unknown = { code: 'balancer.unknown-pool' }
    await expect(balancer.members('other', never)).rejects.toMatchObject(unknown)
    await expect(balancer.put('other', [member], never)).rejects.toMatchObject(unknown)
    await expect(balancer.drop('other', ['a'], never)).rejects.toMatchObject(unknown)
  })

  test('has exactly the members that the file names, and keeps those that were put', async () => {
    const { balancer } = harness()
    const named = (id: string): MemberSpec => ({ id, address: id, weight: 5 })
    const first = [named('127.0.0.1:1'), named('127.0.0.1:2')]
    await balancer.configure(aBalancerSpec([aPoolSpec('api', first)]), never)
    await balancer.put('api', [{ id: 'web-1', address: '127.0.0.1:3', weight: 1 }], never)
    await balancer.configure(aBalancerSpec([aPoolSpec('api', first.slice(1))]), never)
    const members = await balancer.members('api', never)
    expect(members.map(({ id, weight, fixed }) => ({ id, weight, fixed }))).toEqual([
      { id: '127.0.0.1:2', weight: 5, fixed: true },
      { id: 'web-1', weight: 1, fixed: false },
    ])
  })

  test('forgets a pool that the specification names no longer', async () => {
    const { balancer } = harness()
    await balancer.configure(aBalancerSpec([aPoolSpec('api'), aPoolSpec('assets')]), never)
    await balancer.put('assets', [{ id: 'a', address: '127.0.0.1:1', weight: 1 }], never)
    await balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
    expect((await balancer.status(never)).pools).toEqual(['api'])
    await balancer.configure(aBalancerSpec([aPoolSpec('api'), aPoolSpec('assets')]), never)
    expect(await balancer.members('assets', never)).toEqual([])
  })
}

function keepingMembers(harness: () => BalancerHarness): void {
  const a: MemberSpec = { id: 'a', address: '127.0.0.1:1', weight: 1 }
  const b: MemberSpec = { id: 'b', address: '127.0.0.1:2', weight: 2 }

  test('puts exactly these members and touches no other', async () => {
    const { balancer } = harness()
    await balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
    await balancer.put('api', [a], never)
    await balancer.put('api', [b], never)
    await balancer.put('api', [{ ...b, weight: 7 }], never)
    const members = await balancer.members('api', never)
    expect(members.map(({ id, address, weight }) => ({ id, address, weight }))).toEqual([
      a,
      { ...b, weight: 7 },
    ])
  })

  test('drops members, and accepts ids that it does not know', async () => {
    const { balancer } = harness()
    await balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
    await balancer.put('api', [a, b], never)
    await balancer.drop('api', ['a', 'nobody'], never)
    await balancer.drop('api', ['a'], never)
    expect((await balancer.members('api', never)).map((member) => member.id)).toEqual(['b'])
  })
}

function admitting(harness: () => BalancerHarness): void {
  test('admits a member once its server passes, and not before', async () => {
    const { balancer, aServer } = harness()
    const up = await aServer()
    const down = await aServer()
    await down.fall()
    await balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
    await balancer.put('api', [member('up', up.address), member('down', down.address)], never)
    expect(await until(harness(), 'up', 'healthy')).toMatchObject({ effectiveWeight: 10 })
    expect(await one(balancer, 'down')).toMatchObject({ state: 'checking', effectiveWeight: 0 })
  })

  test('finds out that a server has fallen, and gives it nothing', async () => {
    const { balancer, aServer } = harness()
    const server = await aServer()
    await balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
    await balancer.put('api', [member('a', server.address)], never)
    await until(harness(), 'a', 'healthy')
    await server.fall()
    expect(await until(harness(), 'a', 'unhealthy')).toMatchObject({ effectiveWeight: 0 })
  })

  test('drains a member of weight 0, and takes it back without a new admission', async () => {
    const { balancer, aServer } = harness()
    const server = await aServer()
    await balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
    await balancer.put('api', [member('a', server.address)], never)
    await until(harness(), 'a', 'healthy')
    await balancer.put('api', [{ ...member('a', server.address), weight: 0 }], never)
    const draining = await one(balancer, 'a')
    expect(draining).toMatchObject({ state: 'draining', effectiveWeight: 0 })
    // Or the balancer does not tell.
    expect([0, null]).toContain(draining?.inFlight)
    await balancer.put('api', [member('a', server.address)], never)
    expect(await one(balancer, 'a')).toMatchObject({ state: 'healthy', effectiveWeight: 10 })
  })

  test('remembers through a configuration who is healthy', async () => {
    const { balancer, aServer } = harness()
    const server = await aServer()
    const pool = aPoolSpec('api', [member(server.address, server.address)])
    await balancer.configure(aBalancerSpec([pool]), never)
    await until(harness(), server.address, 'healthy')
    await balancer.configure(aBalancerSpec([{ ...pool, algorithm: 'random-two' }]), never)
    expect(await one(balancer, server.address)).toMatchObject({ state: 'healthy' })
  })

  test('checks a member anew that comes back at another address', async () => {
    const { balancer, aServer } = harness()
    const server = await aServer()
    const other = await aServer()
    await other.fall()
    await balancer.configure(aBalancerSpec([aPoolSpec('api')]), never)
    await balancer.put('api', [member('a', server.address)], never)
    await until(harness(), 'a', 'healthy')
    await balancer.put('api', [member('a', other.address)], never)
    expect(await one(balancer, 'a')).toMatchObject({ address: other.address, state: 'checking' })
  })
}

function member(id: string, address: string): MemberSpec {
  return { id, address, weight: 10 }
}

async function one(balancer: Balancer, id: string): Promise<Member | undefined> {
  return (await balancer.members('api', never)).find((each) => each.id === id)
}

async function until(harness: BalancerHarness, id: string, state: Member['state']): Promise<Member> {
  let seen: Member | undefined
  for (let round = 0; round < ROUNDS; round++) {
    seen = await one(harness.balancer, id)
    if (seen?.state === state) return seen
    await harness.pass()
  }
  throw new Error(`${id} is not ${state}: ${JSON.stringify(seen)}`)
}
