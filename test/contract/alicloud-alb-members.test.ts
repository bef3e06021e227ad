import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Balancer, BalancerSpec, MemberSpec, PoolSpec } from '../../src/core/balancer.ts'
import type { Edition } from '../../src/sandbox/alb/state.ts'
import { AlbShop } from '../kit/alb-shop.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { refusal } from '../kit/refusal.ts'
import { checked, listener } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal
let shop: AlbShop
let balancer: Balancer

function start(edition?: Edition): void {
  shop = new AlbShop(edition)
  balancer = shop.balancer()
}

beforeEach(() => {
  sandboxKeys()
  start()
})
afterEach(async () => {
  await shop.close()
})

const api = (over: Partial<PoolSpec> = {}) => ({ ...checked(aPoolSpec('api')), ...over })
const specOf = (pool: Partial<PoolSpec> = {}): BalancerSpec => ({
  ...aBalancerSpec([api(pool)]),
  listeners: [listener('api', 80)],
})
/** A server of a fleet. */
const server = (nth: number, weight = 100): MemberSpec => {
  const ip = `127.10.9.${nth}`
  return { id: shop.anInstance(ip), address: `${ip}:8080`, weight }
}
const groups = () => [...shop.cloud.world.alb.of.servergroup.values()]
const servers = () => groups()[0]!.servers
const weights = () => servers().map(({ weight }) => weight)
const ask = (action: string, query: object) => shop.cloud.ask('alb', action, query as never)
const called = (action: string) => shop.cloud.calls.filter((one) => one === action).length
const writes = () => shop.cloud.calls.filter((action) => !/^(Describe|List|Get)/.test(action))
const fail = (operation: string) => {
  const rule = {
    id: 'f',
    fault: { kind: 'job-fails' } as const,
    operation,
    share: 1,
    untilAt: Number.POSITIVE_INFINITY,
  }
  shop.cloud.world = { ...shop.cloud.world, faults: [rule] }
}

test('adds, weighs and removes as many at a time as a call takes, and shows what was done', async () => {
  await balancer.configure(specOf(), never)
  const many = Array.from({ length: 45 }, (_, nth) => server(nth + 1, 1000 - nth))
  await balancer.put('api', many, never)
  expect(weights().slice(0, 3)).toEqual([100, 100, 100])
  expect(called('AddServersToServerGroup')).toBe(1)
  await balancer.put(
    'api',
    many.map((one) => ({ ...one, weight: 0 })),
    never,
  )
  expect(weights()).toEqual(many.map(() => 0))
  expect(called('UpdateServerGroupServersAttribute')).toBe(2)
  await balancer.drop(
    'api',
    many.map(({ id }) => id),
    never,
  )
  expect(called('RemoveServersFromServerGroup')).toBe(2)
  expect(await balancer.members('api', never)).toEqual([])
})

test('lets the cloud itself start servers slowly and drain them, where its edition does', async () => {
  await balancer.configure(specOf({ slowStartMs: 60_000, drainMs: 90_000 }), never)
  await balancer.put('api', [server(1)], never)
  expect(weights()).toEqual([100])
  expect(groups()[0]!.settings).toMatchObject({
    SlowStartConfig: { SlowStartEnabled: true, SlowStartDuration: 60 },
    ConnectionDrainConfig: { ConnectionDrainEnabled: true, ConnectionDrainTimeout: 90 },
    HealthCheckConfig: { HealthCheckProtocol: 'HTTP', HealthCheckPath: '/health', HealthCheckInterval: 1 },
  })
  await shop.cloud.advance(120_000)
  await balancer.configure(specOf({ algorithm: 'least-connections', slowStartMs: 60_000 }), never)
  expect(groups()[0]!.settings).toMatchObject({
    Scheduler: 'Wlc',
    SlowStartConfig: { SlowStartEnabled: false },
  })
  await balancer.put('api', [server(2)], never)
  expect(weights()).toEqual([100, 1])
})

test('admits a server at the least weight, and lets it grow, where the edition cannot', async () => {
  start('Basic')
  await balancer.configure(specOf({ slowStartMs: 60_000 }), never)
  const one = server(1)
  shop.answers(one.address, false)
  await balancer.put('api', [one], never)
  await shop.cloud.advance(60_000)
  expect(weights()).toEqual([1])
  shop.answers(one.address, true)
  await shop.cloud.advance(120_000)
  expect(weights()).toEqual([100])
  expect(groups()[0]!.settings.ConnectionDrainConfig.ConnectionDrainEnabled).toBe(false)
})

test('another controller finds everything as it is, and changes nothing', async () => {
  const named = server(2)
  const spec = specOf({ servers: [{ id: named.address, address: named.address, weight: 50 }] })
  await balancer.configure(spec, never)
  await balancer.put('api', [server(1)], never)
  const before = writes()
  const other = shop.balancer()
  await other.configure(spec, never)
  expect(await other.members('api', never)).toMatchObject([
    { id: named.address, weight: 50, fixed: true },
    { id: server(1).id, weight: 100, fixed: false },
  ])
  await other.put('api', [server(1)], never)
  expect(writes()).toEqual(before)
})

test('touches nobody that it has not added, and keeps a group in which others are', async () => {
  await balancer.configure(specOf(), never)
  const theirs = server(7)
  const { id: ServerGroupId } = groups()[0]!
  const by = { ServerId: theirs.id, ServerType: 'Ecs', Port: 8080, Weight: 30, Description: 'by-hand' }
  ask('AddServersToServerGroup', { ServerGroupId, Servers: [by] })
  await balancer.put('api', [server(1)], never)
  expect(await balancer.members('api', never)).toMatchObject([
    { id: `${theirs.id}:8080`, weight: 30, fixed: true },
    { id: server(1).id },
  ])
  await expect(balancer.put('api', [theirs], never)).rejects.toMatchObject({
    code: 'balancer.foreign-member',
  })
  await balancer.configure(aBalancerSpec([]), never)
  await shop.cloud.advance(600_000)
  expect(servers()).toMatchObject([{ serverId: theirs.id, weight: 30 }])
})

test('a server that the cloud does not take keeps no other from its change', async () => {
  await balancer.configure(specOf(), never)
  const gone = { id: 'i-gone', address: '127.10.9.99:8080', weight: 100 }
  expect(await refusal(() => balancer.put('api', [server(1), gone, server(2)], never))).toContain('i-gone')
  expect(new Set(servers().map(({ serverId }) => serverId))).toEqual(new Set([server(1).id, server(2).id]))
})

test('waits while somebody else changes the group', async () => {
  await balancer.configure(specOf(), never)
  ask('UpdateServerGroupAttribute', { ServerGroupId: groups()[0]!.id, ServerGroupName: 'renamed' })
  await balancer.put('api', [server(1)], never)
  expect(servers()).toMatchObject([{ serverId: server(1).id }])
})

test('says which job of the cloud has failed, and makes the change when it is wanted again', async () => {
  await balancer.configure(specOf(), never)
  fail('alb AddServersToServerGroup')
  await expect(balancer.put('api', [server(1)], never)).rejects.toMatchObject({
    retry: 'yes',
    message: expect.stringContaining('AddServersToServerGroup failed'),
  })
  shop.cloud.world = { ...shop.cloud.world, faults: [] }
  await balancer.put('api', [server(1)], never)
  expect(weights()).toEqual([100])
})

test('has addresses of the VPC, of others and of data centres in one pool', async () => {
  const part = { serverGroup: null, type: 'Ip', protocol: 'HTTP' }
  const far = { id: '10.9.0.1:80', address: '10.9.0.1:80', weight: 50 }
  await balancer.configure(specOf({ part, servers: [far] }), never)
  const near = server(1)
  const prefix = shop.cloud.world.ecs.vSwitches[0]!.prefix
  const inside = { id: near.id, address: `${prefix}.77:8080`, weight: 100 }
  await balancer.put('api', [inside], never)
  expect(servers()).toMatchObject([
    { type: 'Ip', serverId: '10.9.0.1', isRemote: true, weight: 50 },
    { type: 'Ip', serverId: `${prefix}.77`, isRemote: false },
  ])
  const name = { id: 'a', address: 'server.test:80', weight: 1 }
  await expect(balancer.put('api', [name], never)).rejects.toThrow('server.test:80 is no address')
})

test('lets a server that still leaves come back when it has drained, and others meanwhile', async () => {
  await balancer.configure(specOf({ drainMs: 60_000 }), never)
  await balancer.put('api', [server(1)], never)
  await balancer.drop('api', [server(1).id], never)
  const message = await refusal(() => balancer.put('api', [server(1), server(2)], never))
  expect(message).toMatch(/^\S+:8080 still finishes what it holds in server group sgp-/)
  const ids = async () => (await balancer.members('api', never)).map(({ id }) => id)
  expect(await ids()).toEqual([server(2).id])
  await shop.cloud.advance(60_000)
  await balancer.put('api', [server(1)], never)
  expect(await ids()).toEqual([server(2).id, server(1).id])
})

test('makes a group of the other type in place of one, for neither can be changed, with the same servers', async () => {
  await balancer.configure(specOf(), never)
  await balancer.put('api', [server(1)], never)
  const part = { serverGroup: null, type: 'Ip', protocol: 'HTTP' }
  await balancer.configure(specOf({ part }), never)
  expect(groups()).toMatchObject([{ type: 'Ip', servers: [{ serverId: '127.10.9.1', weight: 100 }] }])
})

test('leaves the settings of a group that the pool names, and the group itself, as they are', async () => {
  const query = {
    ServerGroupName: 'theirs',
    VpcId: 'vpc-sandbox',
    Scheduler: 'Wlc',
    HealthCheckConfig: { HealthCheckEnabled: true },
  }
  const { ServerGroupId: serverGroup } = ask('CreateServerGroup', query)
  await shop.cloud.advance(5_000)
  await balancer.configure(specOf({ part: { serverGroup } }), never)
  await balancer.put('api', [server(1)], never)
  await balancer.configure(aBalancerSpec([]), never)
  await shop.cloud.advance(600_000)
  expect(groups()).toMatchObject([{ id: serverGroup, settings: { Scheduler: 'Wlc' }, servers: [] }])
  await expect(balancer.configure(specOf({ part: { serverGroup: 'sgp-none' } }), never)).rejects.toThrow(
    'there is no server group sgp-none in this region',
  )
})
