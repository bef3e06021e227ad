import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Balancer } from '../../src/core/balancer.ts'
import { albPermissions } from '../../src/drivers/alicloud/alb/permissions.ts'
import type { CallFault } from '../../src/sandbox/fault-rule.ts'
import { AlbShop, albConfigOf } from '../kit/alb-shop.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { refusal } from '../kit/refusal.ts'
import { checked, listener } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const PRICE = 'about 0.147 CNY an hour, its capacity units and what it sends (list price)'

const never = new AbortController().signal
const ORDER = {
  address: 'internet',
  vswitches: ['vsw-sandbox-h', 'vsw-sandbox-i'],
  tags: { team: 'shop' },
}
const SPEC = { ...aBalancerSpec([checked(aPoolSpec('api'))]), listeners: [listener('api', 80)] }
const OWN = { 'tidegate:installation': 'demo', 'tidegate:balancer': 'shop' }

let shop: AlbShop
beforeEach(() => {
  sandboxKeys()
  shop = new AlbShop()
})
afterEach(async () => {
  await shop.close()
  const allowed = albPermissions(albConfigOf(ORDER), SPEC).map(({ action }) => action.split(':')[1])
  // Certificates of a former file are looked for where that is allowed.
  const besides = ['RunInstances', 'ListUserCertificateOrder']
  expect(shop.cloud.calls.filter((action) => ![...allowed, ...besides].includes(action))).toEqual([])
})

const ordered = (order: object = {}): Balancer => shop.balancer(albConfigOf({ ...ORDER, ...order }))
/** All but the one that the shop has had before. */
const created = () => [...shop.cloud.world.alb.of.loadbalancer.values()].filter(({ id }) => id !== shop.id)
const groups = () => [...shop.cloud.world.alb.of.servergroup.values()]
const ask = (action: string, query: object) => shop.cloud.ask('alb', action, query as never)
const trouble = (kind: 'lost-answer' | 'job-fails') => {
  const fault = { kind } as CallFault
  const rule = { id: 'f', fault, share: 1, operation: 'alb CreateLoadBalancer' }
  shop.cloud.world = { ...shop.cloud.world, faults: [{ ...rule, untilAt: shop.cloud.now() + 120_000 }] }
}

test('creates it as ordered, with tags, waits for it, and carries by it', async () => {
  const balancer = ordered({ 'deletion-protection': true })
  await balancer.configure(SPEC, never)
  const [one] = created()
  expect(one).toMatchObject({
    name: 'tidegate-demo-shop',
    edition: 'Standard',
    addressType: 'Internet',
    zones: [
      { zone: 'cn-hangzhou-h', vSwitch: 'vsw-sandbox-h' },
      { zone: 'cn-hangzhou-i', vSwitch: 'vsw-sandbox-i' },
    ],
    tags: { team: 'shop', ...OWN },
  })
  expect(one!.protectedSince).not.toBeNull()
  const name = `${one!.id}.cn-hangzhou.alb.aliyuncs.com`
  const status = await balancer.status(never)
  expect(status.bound).toEqual({ api: { host: name, port: 80 } })
  expect(status.purchase).toEqual({ id: one!.id, changes: [], price: PRICE })
})

test('tells before what it is going to create', async () => {
  expect((await ordered({ edition: 'basic' }).status(never)).purchase).toEqual({
    id: null,
    changes: ['create ALB Basic at an internet address, in vsw-sandbox-h, vsw-sandbox-i'],
    price: PRICE.replace('0.147', '0.049'),
  })
})

test('another controller finds it by its tags, and changes nothing', async () => {
  await ordered().configure(SPEC, never)
  const before = shop.cloud.calls.length
  await ordered().configure(SPEC, never)
  expect(created()).toHaveLength(1)
  const calls = shop.cloud.calls.slice(before)
  expect(calls.filter((action) => !/^(Get|List|Describe)/.test(action))).toEqual([])
})

test('creates no second one when the answer is lost, nor after a restart', async () => {
  trouble('lost-answer')
  await expect(ordered().configure(SPEC, never)).rejects.toMatchObject({ code: 'balancer.unreachable' })
  expect(created()).toHaveLength(1)
  await ordered().configure(SPEC, never)
  expect(created()).toHaveLength(1)
})

test('says that its creation has failed', async () => {
  trouble('job-fails')
  await expect(ordered().configure(SPEC, never)).rejects.toThrow(
    'was created and is not ready: its status is CreateFailed',
  )
})

test('changes what the file orders otherwise, and leaves tags of others', async () => {
  await ordered().configure(SPEC, never)
  const { id } = created()[0]!
  ask('TagResources', { ResourceType: 'loadbalancer', ResourceId: [id], Tag: [{ Key: 'cost', Value: '7' }] })
  await ordered({ tags: { team: 'web' }, 'deletion-protection': true }).configure(SPEC, never)
  expect(created()).toMatchObject([{ id, tags: { team: 'web', cost: '7', ...OWN } }])
  expect(created()[0]!.protectedSince).not.toBeNull()
  await ordered().configure(SPEC, never)
  expect(created()[0]!.protectedSince).toBeNull()
})

test.each([
  [{ edition: 'basic' }, 'has edition Standard, and the file orders Basic'],
  [{ address: 'intranet' }, 'has address Internet, and the file orders Intranet'],
  [{ vswitches: ['vsw-sandbox-h', 'vsw-sandbox-j'] }, 'has vswitches vsw-sandbox-h vsw-sandbox-i, and the'],
])('refuses what people change in the console: %#', async (order, reason) => {
  await ordered().configure(SPEC, never)
  const before = created()
  expect(await refusal(() => ordered(order).configure(SPEC, never))).toContain(reason)
  const { purchase } = await ordered(order).status(never)
  expect(purchase).toMatchObject({ id: before[0]!.id, changes: [expect.stringContaining(reason)] })
  expect(created()).toEqual(before)
})

test('tells nothing to change of one that the cloud is still making', async () => {
  trouble('lost-answer')
  await expect(ordered().configure(SPEC, never)).rejects.toMatchObject({ code: 'balancer.unreachable' })
  const changes = async () => (await ordered({ tags: { team: 'web' } }).status(never)).purchase?.changes
  expect(await changes()).toEqual([])
  await shop.cloud.advance(60_000)
  expect(await changes()).toEqual(['tags team'])
})

test('says when several bear its tags, and when a vSwitch is not there', async () => {
  expect(
    await refusal(() => ordered({ vswitches: ['vsw-sandbox-h', 'vsw-none'] }).configure(SPEC, never)),
  ).toBe('there is no vSwitch vsw-none in this region')
  await ordered().configure(SPEC, never)
  const Tag = Object.entries(OWN).map(([Key, Value]) => ({ Key, Value }))
  ask('TagResources', { ResourceType: 'loadbalancer', ResourceId: [shop.id], Tag })
  expect(await refusal(() => ordered().configure(SPEC, never))).toContain('bear the same tags of Tidegate')
})

test('creates another one when somebody has deleted it, and carries by that', async () => {
  const balancer = ordered()
  await balancer.configure(SPEC, never)
  const ip = '127.10.9.1'
  const member = { id: shop.anInstance(ip), address: `${ip}:8080`, weight: 100 }
  await balancer.put('api', [member], never)
  const { id } = created()[0]!
  await shop.cloud.advance(61_000)
  ask('DeleteLoadBalancer', { LoadBalancerId: id })
  await shop.cloud.advance(5_000)
  expect(await shop.looked(balancer)).toMatchObject({ specHash: null, pools: [] })
  await balancer.configure(SPEC, never)
  expect(created()).toHaveLength(1)
  expect(created()[0]!.id).not.toBe(id)
  const listeners = [...shop.cloud.world.alb.of.listener.values()]
  expect(listeners).toMatchObject([{ balancer: created()[0]!.id, port: 80 }])
  expect(groups()).toMatchObject([{ servers: [{ serverId: member.id }] }])
})

test('is deleted on demand, with what was made for it, and what Tidegate has not created stays', async () => {
  const config = albConfigOf(ORDER)
  expect(await shop.remove(config)).toBeNull()
  await ordered().configure(SPEC, never)
  const { id } = created()[0]!
  expect(await shop.remove(albConfigOf(shop.id))).toBeNull()
  expect(await shop.remove(config)).toBe(id)
  expect(await shop.remove(config)).toBeNull()
  expect([...shop.cloud.world.alb.of.loadbalancer.keys()]).toEqual([shop.id])
  expect(groups()).toEqual([])
})

test('is not deleted while others use it, or while it is protected; groups of others stay', async () => {
  await ordered({ 'deletion-protection': true }).configure(SPEC, never)
  const { id } = created()[0]!
  const config = albConfigOf(ORDER)
  expect(await refusal(() => shop.remove(config))).toContain('deletion protection has to be switched off')
  const forward = { ServerGroupTuples: [{ ServerGroupId: groups()[0]!.id }] }
  const theirs = {
    LoadBalancerId: id,
    ListenerPort: 81,
    ListenerProtocol: 'HTTP',
    DefaultActions: [{ Type: 'ForwardGroup', ForwardGroupConfig: forward }],
  }
  const { ListenerId } = ask('CreateListener', theirs)
  await shop.cloud.advance(5_000)
  expect(await refusal(() => shop.remove(config))).toBe(
    `${id} has listeners that Tidegate has not made (HTTP 81); delete them there first`,
  )
  ask('DeleteListener', { ListenerId })
  ask('DisableDeletionProtection', { ResourceId: id })
  const by = { ServerId: shop.anInstance('127.10.9.7'), ServerType: 'Ecs', Port: 80 }
  ask('AddServersToServerGroup', { ServerGroupId: groups()[0]!.id, Servers: [by] })
  await shop.cloud.advance(5_000)
  expect(await shop.remove(config)).toBe(id)
  expect(groups()).toHaveLength(1)
})
