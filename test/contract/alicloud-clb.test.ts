import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Balancer, BalancerSpec, MemberSpec, PoolSpec } from '../../src/core/balancer.ts'
import { clbPermissions } from '../../src/drivers/alicloud/clb/permissions.ts'
import { withInstance } from '../../src/sandbox/ecs/instances.ts'
import { Authority } from '../kit/certificates.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { heard } from '../kit/heard.ts'
import { checked, configOf, listener, Shop } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec, balancerContract } from './balancer.ts'

const never = new AbortController().signal

beforeEach(sandboxKeys)

balancerContract('alicloud-clb in the sandbox', async () => {
  const shop = new Shop()
  shop.anInstance('127.0.0.1')
  let made = 0
  return {
    balancer: heard(shop.balancer()),
    async aServer() {
      const ip = `127.10.9.${++made}`
      shop.anInstance(ip)
      const address = `${ip}:80`
      return { address, fall: async () => shop.answers(address, false) }
    },
    pass: () => shop.cloud.advance(1000),
    close: () => shop.close(),
  }
})

describe('CLB', () => {
  let shop: Shop
  let balancer: Balancer
  beforeEach(() => {
    shop = new Shop()
    balancer = shop.balancer()
  })
  afterEach(async () => {
    await shop.close()
    for (const action of shop.cloud.calls) called.add(action)
  })
  const called = new Set<string>()

  afterAll(() => {
    const kinds = (['http', 'https', 'tcp', 'udp'] as const).map((protocol) => ({ protocol }))
    const listeners = kinds.map((over) => listener('api', 80, over))
    const pools = [{ serverGroup: null }, { serverGroup: 'default', port: 80 }].map((part) => api({ part }))
    const all = clbPermissions(configOf('lb-1'), { listeners, pools })
    const known = new Set(all.map(({ action }) => action.slice('slb:'.length)))
    expect([...called].filter((one) => !known.has(one))).toEqual(['CreateLoadBalancer', 'RunInstances'])
  })

  const api = (over: Partial<PoolSpec> = {}) => ({ ...checked(aPoolSpec('api')), ...over })
  const specOf = (over: Partial<BalancerSpec> = {}): BalancerSpec => ({
    ...aBalancerSpec([api()]),
    listeners: [listener('api', 80)],
    ...over,
  })
  /** A server of a fleet. */
  const server = (nth: number, weight = 100): MemberSpec => {
    const ip = `127.10.9.${nth}`
    return { id: shop.anInstance(ip), address: `${ip}:8080`, weight }
  }
  const group = () => [...shop.cloud.world.slb.groups.values()][0]!
  const weights = () => group().backends.map(({ weight }) => weight)
  const listeners = () => shop.cloud.world.slb.balancers.get(shop.id)!.listeners
  const writes = () => shop.cloud.calls.filter((action) => !/^(Describe|List|Get)/.test(action))

  test('has weights in proportion, and whoever had a share keeps one', async () => {
    await balancer.configure(specOf(), never)
    await balancer.put('api', [server(1, 1000), server(2, 500), server(3, 1)], never)
    expect(weights()).toEqual([100, 50, 1])
    const members = await balancer.members('api', never)
    expect(members.map(({ weight }) => weight)).toEqual([1000, 500, 1])
  })

  test('adds and weighs as many at a time as a call takes', async () => {
    await balancer.configure(specOf(), never)
    const servers = Array.from({ length: 45 }, (_, nth) => server(nth + 1))
    await balancer.put('api', servers, never)
    expect(weights()).toEqual(servers.map(() => 100))
    await balancer.drop(
      'api',
      servers.map(({ id }) => id),
      never,
    )
    expect(weights()).toEqual([])
  })

  test('admits a server at the least weight, and lets it grow once it passes', async () => {
    await balancer.configure(specOf({ pools: [api({ slowStartMs: 50_000 })] }), never)
    const one = server(1)
    shop.answers(one.address, false)
    await balancer.put('api', [one], never)
    await shop.cloud.advance(60_000)
    expect(weights()).toEqual([1])
    expect(await balancer.members('api', never)).toMatchObject([{ state: 'checking', effectiveWeight: 0 }])
    shop.answers(one.address, true)
    await shop.cloud.advance(20_000)
    const growing = weights()[0]!
    expect(growing).toBeGreaterThan(1)
    expect(growing).toBeLessThan(100)
    await shop.cloud.advance(60_000)
    expect(weights()).toEqual([100])
    expect(await balancer.members('api', never)).toMatchObject([{ state: 'healthy', effectiveWeight: 100 }])
  })

  test('takes a drained server back at once when it passes our own check, and anew when it does not', async () => {
    await balancer.configure(specOf({ pools: [api({ slowStartMs: 50_000 })] }), never)
    const one = server(1)
    await balancer.put('api', [one], never)
    await shop.cloud.advance(90_000)
    const back = async (answers: boolean) => {
      await balancer.put('api', [{ ...one, weight: 0 }], never)
      shop.answers(one.address, answers)
      await balancer.put('api', [one], never)
      return weights()[0]
    }
    expect(await back(true)).toBe(100)
    expect(await back(false)).toBe(1)
    shop.answers(one.address, true)
    await shop.cloud.advance(90_000)
    expect(weights()).toEqual([100])
  })

  test('another controller finds everything as it is, and changes nothing', async () => {
    const named = server(2)
    const spec = specOf({
      pools: [api({ servers: [{ id: named.address, address: named.address, weight: 50 }] })],
    })
    await balancer.configure(spec, never)
    await balancer.put('api', [server(1)], never)
    const before = writes().length
    const other = shop.balancer()
    await other.configure(spec, never)
    expect(await other.members('api', never)).toMatchObject([
      { id: named.address, weight: 50, fixed: true },
      { id: server(1).id, weight: 100, fixed: false },
    ])
    await other.put('api', [server(1)], never)
    expect(writes()).toHaveLength(before)
  })

  test('touches nobody that it has not added', async () => {
    await balancer.configure(specOf(), never)
    const theirs = server(7)
    const BackendServers = JSON.stringify([
      { ServerId: theirs.id, Port: 8080, Weight: 30, Description: 'by-hand' },
    ])
    await shop.cloud.advance(10_000)
    shop.cloud.ask('slb', 'AddVServerGroupBackendServers', { VServerGroupId: group().id, BackendServers })
    await balancer.put('api', [server(1)], never)
    expect(await balancer.members('api', never)).toMatchObject([
      { id: `${theirs.id}:8080`, weight: 30, fixed: true },
      { id: server(1).id },
    ])
    await expect(balancer.put('api', [theirs], never)).rejects.toMatchObject({
      code: 'balancer.foreign-member',
      message: expect.stringContaining('by-hand'),
    })
    await balancer.drop('api', [server(1).id, theirs.id, `${theirs.id}:8080`], never)
    await balancer.configure(specOf({ pools: [], listeners: [] }), never).catch(() => {})
    expect(group().backends).toMatchObject([{ server: theirs.id, weight: 30 }])
  })

  test('a server that the cloud does not take keeps no other from its change', async () => {
    await balancer.configure(specOf(), never)
    await balancer.put('api', [server(1), server(2)], never)
    const gone = { id: 'i-gone', address: '127.10.9.99:8080', weight: 100 }
    await expect(balancer.put('api', [gone, server(1, 0), server(3)], never)).rejects.toMatchObject({
      code: 'balancer.refused',
    })
    expect(weights()).toEqual([0, 100, 100])
    await balancer.put('api', [server(4)], never)
    expect(weights()).toEqual([0, 100, 100, 100])
  })

  test('lets a server grow whose companion the cloud does not take', async () => {
    await balancer.configure(specOf({ pools: [api({ slowStartMs: 50_000 })] }), never)
    const [one, other] = [server(1), server(2)]
    const stopped = shop.cloud.world.ecs.instances.get(other.id)!
    shop.cloud.world = withInstance(shop.cloud.world, { ...stopped, status: 'Stopped' })
    await expect(balancer.put('api', [one, other], never)).rejects.toMatchObject({ code: 'balancer.refused' })
    expect(weights()).toEqual([1])
    await shop.cloud.advance(90_000)
    expect(weights()).toEqual([100])
  })

  test('knows a server of the file by its private address, and says when it is none', async () => {
    const { id, address } = server(4)
    const named = { id: address, address, weight: 10 }
    await balancer.configure(specOf({ pools: [api({ servers: [named] })] }), never)
    expect(group().backends).toMatchObject([{ server: id, port: 8080, weight: 10 }])
    const unknown = { id: '10.9.9.9:80', address: '10.9.9.9:80', weight: 10 }
    await expect(balancer.configure(specOf({ pools: [api({ servers: [unknown] })] }), never)).rejects.toThrow(
      '10.9.9.9:80 is no instance in cn-hangzhou',
    )
  })

  test('makes listeners with their rules, changes what differs, and takes away what is gone', async () => {
    const pools = [api(), { ...checked(aPoolSpec('assets')), algorithm: 'round-robin' as const }]
    const rule = {
      match: { host: 'a.test', path: '/static/*' },
      action: { kind: 'pool' as const, pool: 'assets' },
    }
    await balancer.configure(specOf({ pools, listeners: [listener('api', 80, { rules: [rule] })] }), never)
    expect(await balancer.status(never)).toMatchObject({ bound: { api: { host: '127.10.200.1', port: 80 } } })
    expect(listeners()).toMatchObject([
      {
        port: 80,
        protocol: 'http',
        status: 'starting',
        settings: { Scheduler: 'wrr', HealthCheck: 'on', HealthCheckURI: '/health', HealthCheckInterval: 1 },
        rules: [{ domain: 'a.test', url: '/static' }],
      },
    ])
    const health = { ...api().health, intervalMs: 5000 }
    await balancer.configure(
      specOf({ pools: [api({ health }), pools[1]!], listeners: [listener('api', 80, { rules: [] })] }),
      never,
    )
    expect(listeners()).toMatchObject([{ settings: { HealthCheckInterval: 5 }, rules: [] }])
    const tcp = [listener('api', 8080, { protocol: 'tcp' })]
    await balancer.configure(specOf({ pools: [api({ drainMs: 60_000 })], listeners: tcp }), never)
    expect(listeners()).toMatchObject([
      {
        port: 8080,
        protocol: 'tcp',
        settings: { HealthCheckType: 'http', ConnectionDrain: 'on', ConnectionDrainTimeout: 60 },
      },
    ])
    expect([...shop.cloud.world.slb.groups.values()].map(({ name }) => name)).toEqual(['tidegate/demo/api'])
  })

  test('makes a listener anew that somebody has deleted', async () => {
    const spec = specOf()
    await balancer.configure(spec, never)
    await shop.cloud.advance(30_000)
    shop.cloud.ask('slb', 'DeleteLoadBalancerListener', { LoadBalancerId: shop.id, ListenerPort: 80 })
    expect((await shop.looked(balancer)).specHash).not.toBeNull()
    await shop.cloud.advance(60_000)
    expect((await shop.looked(balancer)).specHash).toBeNull()
    await balancer.configure(spec, never)
    expect(listeners()).toMatchObject([{ port: 80 }])
  })

  test("leaves somebody else's listener alone, and says what stands in the way", async () => {
    const LoadBalancerId = shop.id
    shop.cloud.ask('slb', 'CreateLoadBalancerTCPListener', {
      LoadBalancerId,
      ListenerPort: 80,
      BackendServerPort: 80,
      Description: 'the-shop',
    })
    await expect(balancer.configure(specOf(), never)).rejects.toThrow(
      'port 80 has a tcp listener that Tidegate has not made (the-shop)',
    )
    await balancer.configure(specOf({ listeners: [] }), never)
    expect(listeners()).toMatchObject([{ port: 80, protocol: 'tcp' }])
  })

  test('takes over a listener of its protocol where the file says so, with its rules', async () => {
    const LoadBalancerId = shop.id
    const adopting = shop.balancer(configOf(shop.id, { adopt: true }))
    const by = async (action: string, query: Record<string, string | number>) => {
      const answer = shop.cloud.ask('slb', action, { LoadBalancerId, ...query })
      await shop.cloud.advance(1000)
      return answer
    }
    const common = {
      BackendServerPort: 80,
      HealthCheck: 'off',
      StickySession: 'off',
      Description: 'the-shop',
    }
    await by('CreateLoadBalancerHTTPListener', { ListenerPort: 80, ...common })
    const { VServerGroupId } = await by('CreateVServerGroup', { VServerGroupName: 'theirs' })
    const RuleList = JSON.stringify([{ RuleName: 'old', Url: '/old', VServerGroupId }])
    await by('CreateRules', { ListenerPort: 80, RuleList })
    await by('CreateLoadBalancerTCPListener', { ListenerPort: 22, BackendServerPort: 22 })
    await adopting.configure(specOf(), never)
    const own = [...shop.cloud.world.slb.groups.values()].find(({ name }) => name === 'tidegate/demo/api')!
    expect(listeners()).toMatchObject([
      { port: 80, protocol: 'http', rules: [], settings: { HealthCheck: 'on', VServerGroupId: own.id } },
      { port: 22, settings: { BackendServerPort: 22 } },
    ])
    // What has been taken over once is its own.
    await balancer.configure(specOf({ listeners: [] }), never)
    expect(listeners()).toMatchObject([{ port: 22 }])
    const tcp = listener('api', 22, { protocol: 'http' })
    await expect(adopting.configure(specOf({ listeners: [tcp] }), never)).rejects.toThrow(
      'port 22 has a tcp listener that Tidegate has not made (without a description)',
    )
  })

  test('takes over a member where the file says so, which serves on at its full weight', async () => {
    const adopting = shop.balancer(configOf(shop.id, { adopt: true }))
    const spec = specOf({ pools: [api({ slowStartMs: 50_000 })] })
    await adopting.configure(spec, never)
    const [theirs, others] = [server(7), server(8)]
    await shop.cloud.advance(1000)
    const BackendServers = JSON.stringify(
      [theirs, others].map(({ id }) => ({ ServerId: id, Port: 8080, Weight: 100, Description: 'by-hand' })),
    )
    shop.cloud.ask('slb', 'AddVServerGroupBackendServers', { VServerGroupId: group().id, BackendServers })
    await adopting.put('api', [theirs], never)
    expect(group().backends).toMatchObject([
      { server: theirs.id, weight: 100, description: `tidegate/demo/fleet/${theirs.id}` },
      { server: others.id, weight: 100, description: 'by-hand' },
    ])
    await shop.cloud.advance(10_000)
    expect(weights()).toEqual([100, 100])
    await adopting.drop('api', [theirs.id], never)
    expect(group().backends).toMatchObject([{ server: others.id }])
  })

  test('uploads a certificate, shows another one when the files change, and deletes the old one last', async () => {
    const authority = new Authority()
    const pair = authority.issue(['shop.test'])
    const tls = {
      certificates: [{ cert: pair.certFile, key: pair.keyFile }],
      minVersion: 'TLSv1.2' as const,
      groups: [],
      handshakeMs: 10_000,
    }
    const spec = specOf({
      listeners: [listener('api', 443, { protocol: 'https', tls })],
    })
    await balancer.configure(spec, never)
    const first = listeners()[0]!.settings.ServerCertificateId
    expect([...shop.cloud.world.slb.certificates.keys()]).toEqual([first])
    authority.replace(pair, authority.issue(['shop.test']))
    await shop.cloud.advance(61_000)
    expect((await shop.looked(balancer)).specHash).toBeNull()
    await balancer.configure(spec, never)
    const second = listeners()[0]!.settings.ServerCertificateId
    expect(second).not.toBe(first)
    expect([...shop.cloud.world.slb.certificates.keys()]).toEqual([second])
    // And the last one where no listener needs it.
    await balancer.configure(specOf(), never)
    expect(shop.cloud.world.slb.certificates.size).toBe(0)
    authority.remove()
  })

  test('shows a certificate for each server name, and follows when they change', async () => {
    const authority = new Authority()
    const [main, shops, blog] = [['a.test'], ['shop.test', '*.shop.test', 'a.test'], ['blog.test']].map(
      (names) => authority.issue(names),
    )
    const spec = (...pairs: readonly (typeof main)[]) => {
      const certificates = pairs.map((pair) => ({ cert: pair!.certFile, key: pair!.keyFile }))
      const tls = { certificates, minVersion: 'TLSv1.2' as const, groups: [], handshakeMs: 10_000 }
      return specOf({ listeners: [listener('api', 443, { protocol: 'https', tls })] })
    }
    const domains = () => listeners()[0]!.domains
    const ids = () => [...shop.cloud.world.slb.certificates.keys()]
    await balancer.configure(spec(main, shops), never)
    const [first, second] = ids()
    expect(listeners()[0]!.settings.ServerCertificateId).toBe(first)
    expect(domains()).toMatchObject([
      { domain: 'shop.test', certificate: second },
      { domain: '*.shop.test', certificate: second },
    ])
    const before = writes().length
    await shop.balancer().configure(spec(main, shops), never)
    expect(writes()).toHaveLength(before)
    authority.replace(shops!, authority.issue(['shop.test']))
    await balancer.configure(spec(main, shops, blog), never)
    const [, renewed, third] = ids()
    expect(domains()).toMatchObject([
      { domain: 'shop.test', certificate: renewed },
      { domain: 'blog.test', certificate: third },
    ])
    expect(ids()).not.toContain(second)
    await balancer.configure(spec(main), never)
    expect(domains()).toEqual([])
    expect(ids()).toEqual([first])
    authority.remove()
  })

  test('leaves the certificates of another balancer of the file alone', async () => {
    const authority = new Authority()
    const pair = authority.issue(['shop.test'])
    const certificates = [{ cert: pair.certFile, key: pair.keyFile }]
    const tls = { certificates, minVersion: 'TLSv1.2' as const, groups: [], handshakeMs: 10_000 }
    const spec = specOf({ listeners: [listener('api', 443, { protocol: 'https', tls })] })
    await balancer.configure(spec, never)
    const LoadBalancerSpec = 'slb.s2.small'
    const { LoadBalancerId } = shop.cloud.ask('slb', 'CreateLoadBalancer', { LoadBalancerSpec })
    const other = shop.balancer(configOf(LoadBalancerId), 'other')
    await other.configure(spec, never)
    expect(shop.cloud.world.slb.certificates.size).toBe(2)
    await other.configure(specOf(), never)
    expect([...shop.cloud.world.slb.certificates.keys()]).toEqual([
      listeners()[0]!.settings.ServerCertificateId,
    ])
    authority.remove()
  })
})
