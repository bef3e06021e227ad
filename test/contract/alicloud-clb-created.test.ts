import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Balancer } from '../../src/core/balancer.ts'
import { clbPermissions } from '../../src/drivers/alicloud/clb/permissions.ts'
import type { CallFault } from '../../src/sandbox/fault-rule.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { checked, configOf, listener, Shop } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal
const ORDER = {
  specification: 'slb.s2.small',
  address: 'internet',
  zones: ['cn-hangzhou-h', 'cn-hangzhou-i'],
  tags: { team: 'shop' },
}
const SPEC = { ...aBalancerSpec([checked(aPoolSpec('api'))]), listeners: [listener('api', 80)] }
const OWN = { 'tidegate:installation': 'demo', 'tidegate:balancer': 'shop' }

let shop: Shop
beforeEach(() => {
  sandboxKeys()
  shop = new Shop()
})
afterEach(async () => {
  await shop.close()
  const allowed = clbPermissions(configOf(ORDER), SPEC).map(({ action }) => action.split(':')[1])
  // Certificates of a former file are looked for where that is allowed.
  const byTest = [
    'RunInstances',
    'UntagResources',
    'CreateLoadBalancerTCPListener',
    'DescribeServerCertificates',
  ]
  expect(shop.cloud.calls.filter((action) => !allowed.includes(action) && !byTest.includes(action))).toEqual(
    [],
  )
})

const ordered = (order: object = {}): Balancer => shop.balancer(configOf({ ...ORDER, ...order }))
/** All but the one that the shop has had before. */
const created = () => [...shop.cloud.world.slb.balancers.values()].filter(({ id }) => id !== shop.id)
const trouble = (kind: CallFault['kind']) => {
  const fault = { kind } as CallFault
  const rule = { id: 'f', fault, share: 1, operation: 'slb CreateLoadBalancer' }
  shop.cloud.world = { ...shop.cloud.world, faults: [{ ...rule, untilAt: shop.cloud.now() + 120_000 }] }
}

test('creates it as ordered, with tags, and carries by it', async () => {
  const balancer = ordered({ bandwidth: '20Mbps', 'deletion-protection': true })
  await balancer.configure(SPEC, never)
  expect(created()).toMatchObject([
    {
      name: 'tidegate-demo-shop',
      spec: 'slb.s2.small',
      instanceChargeType: 'PayBySpec',
      addressType: 'internet',
      internetChargeType: 'paybybandwidth',
      bandwidth: 20,
      masterZone: 'cn-hangzhou-h',
      slaveZone: 'cn-hangzhou-i',
      isProtected: true,
      tags: { team: 'shop', ...OWN },
      listeners: [{ port: 80 }],
    },
  ])
  const { address } = created()[0]!
  expect((await balancer.status(never)).bound).toEqual({ api: { host: address, port: 80 } })
})

test('tells before what it will buy and change, and what that costs', async () => {
  const price = 'about 0.34 CNY an hour and what it sends (2019 list of Hangzhou)'
  const balancer = ordered()
  expect(await balancer.status(never)).toMatchObject({
    purchase: { id: null, changes: ['create slb.s2.small at an internet address'], price },
  })
  await balancer.configure(SPEC, never)
  const { id } = created()[0]!
  expect(await balancer.status(never)).toMatchObject({ purchase: { id, changes: [], price } })
  expect(await ordered({ 'deletion-protection': true }).status(never)).toMatchObject({
    purchase: { id, changes: ['deletion protection off -> on'] },
  })
  expect(await shop.balancer().status(never)).not.toHaveProperty('purchase')
})

test('creates one of an address in a network, billed by use', async () => {
  const order = { specification: undefined, address: 'intranet', vswitch: 'vsw-sandbox-h' }
  await ordered(order).configure(SPEC, never)
  expect(created()).toMatchObject([
    { addressType: 'intranet', vSwitch: 'vsw-sandbox-h', instanceChargeType: 'PayByCLCU', spec: '' },
  ])
})

test('another controller finds it by its tags, and changes nothing', async () => {
  await ordered().configure(SPEC, never)
  const before = shop.cloud.calls.length
  await ordered().configure(SPEC, never)
  expect(created()).toHaveLength(1)
  expect(shop.cloud.calls.slice(before).filter((action) => !action.startsWith('Describe'))).toEqual([])
})

test('creates no second one when the answer is lost, nor after a restart', async () => {
  trouble('lost-answer')
  await expect(ordered().configure(SPEC, never)).rejects.toMatchObject({ code: 'balancer.unreachable' })
  expect(created()).toHaveLength(1)
  await ordered().configure(SPEC, never)
  expect(created()).toHaveLength(1)
})

test('waits where the list does not show yet what another controller has created', async () => {
  await ordered().configure(SPEC, never)
  const { id, tags } = created()[0]!
  const about = { ResourceType: 'instance', ResourceId: [id] }
  shop.cloud.ask('slb', 'UntagResources', { ...about, All: true })
  const Tag = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const listed = shop.cloud.clock
    .sleep(5_000, never)
    .then(() => shop.cloud.ask('slb', 'TagResources', { ...about, Tag }))
  await ordered().configure(SPEC, never)
  await listed
  expect(created()).toHaveLength(1)
})

test('creates another one when it was deleted and is ordered again in the same minute', async () => {
  await ordered().configure(SPEC, never)
  const { id } = created()[0]!
  expect(await shop.remove(configOf(ORDER))).toBe(id)
  await ordered().configure(SPEC, never)
  expect(created()).toMatchObject([{ listeners: [{ port: 80 }] }])
  expect(created()[0]!.id).not.toBe(id)
})

test('changes what the file orders otherwise, and leaves tags of others', async () => {
  await ordered().configure(SPEC, never)
  const { id } = created()[0]!
  const Tag = [{ Key: 'cost', Value: '7' }]
  shop.cloud.ask('slb', 'TagResources', { ResourceType: 'instance', ResourceId: [id], Tag })
  const changed = { specification: 'slb.s3.small', bandwidth: '50Mbps', tags: { team: 'web' } }
  await ordered({ ...changed, 'deletion-protection': true }).configure(SPEC, never)
  expect(created()).toMatchObject([
    {
      id,
      spec: 'slb.s3.small',
      internetChargeType: 'paybybandwidth',
      bandwidth: 50,
      isProtected: true,
      tags: { team: 'web', cost: '7', ...OWN },
    },
  ])
})

test.each([
  [{ address: 'intranet', vswitch: 'vsw-sandbox-h' }, 'with address internet, which cannot become intranet'],
  [{ zones: ['cn-hangzhou-i'] }, 'with zones cn-hangzhou-h, which cannot become cn-hangzhou-i'],
])('refuses what cannot be changed: %#', async (order, reason) => {
  await ordered().configure(SPEC, never)
  const before = created()
  await expect(ordered(order).configure(SPEC, never)).rejects.toThrow(reason)
  const { purchase } = await ordered(order).status(never)
  expect(purchase).toMatchObject({ id: before[0]!.id, changes: [expect.stringContaining(reason)] })
  expect(created()).toEqual(before)
})

test('goes over to billing by use where the file orders no specification, and not back', async () => {
  await ordered({ bandwidth: '20Mbps' }).configure(SPEC, never)
  const byUse = ordered({ specification: undefined })
  await byUse.configure(SPEC, never)
  expect(created()).toMatchObject([
    { instanceChargeType: 'PayByCLCU', internetChargeType: 'paybytraffic', spec: '' },
  ])
  expect((await byUse.status(never)).purchase?.changes).toEqual([])
  await expect(ordered().configure(SPEC, never)).rejects.toThrow(
    'with billing by use, which cannot become by specification slb.s2.small',
  )
})

test('says when several bear its tags', async () => {
  const Tag = Object.entries(OWN).map(([Key, Value]) => ({ Key, Value }))
  for (const _ of [1, 2]) shop.cloud.ask('slb', 'CreateLoadBalancer', { Tag })
  await expect(ordered().configure(SPEC, never)).rejects.toThrow('bear the same tags of Tidegate')
  expect(created()).toHaveLength(2)
})

test('creates another one when somebody has deleted it, and carries by that', async () => {
  const balancer = ordered()
  await balancer.configure(SPEC, never)
  const ip = '127.10.9.1'
  const member = { id: shop.anInstance(ip), address: `${ip}:8080`, weight: 100 }
  await balancer.put('api', [member], never)
  const { id } = created()[0]!
  await shop.cloud.advance(61_000)
  shop.cloud.ask('slb', 'DeleteLoadBalancer', { LoadBalancerId: id })
  expect(await shop.looked(balancer)).toMatchObject({ specHash: null, pools: [] })
  await balancer.configure(SPEC, never)
  await balancer.put('api', [member], never)
  expect(created()).toMatchObject([{ listeners: [{ port: 80 }] }])
  expect(created()[0]!.id).not.toBe(id)
  const groups = [...shop.cloud.world.slb.groups.values()]
  expect(groups).toMatchObject([{ balancer: created()[0]!.id, backends: [{ server: member.id }] }])
})

test('is deleted on demand, with what it carries, and what Tidegate has not created stays', async () => {
  const config = configOf(ORDER)
  expect(await shop.remove(config)).toBeNull()
  await ordered().configure(SPEC, never)
  const { id } = created()[0]!
  expect(await shop.remove(configOf(shop.id))).toBeNull()
  expect(await shop.remove(config)).toBe(id)
  expect(await shop.remove(config)).toBeNull()
  expect([...shop.cloud.world.slb.balancers.keys()]).toEqual([shop.id])
  expect(shop.cloud.world.slb.groups.size).toBe(0)
})

test('is not deleted while others use it, or while it is protected', async () => {
  await ordered({ 'deletion-protection': true }).configure(SPEC, never)
  const { id } = created()[0]!
  await expect(shop.remove(configOf(ORDER))).rejects.toThrow('deletion protection has to be switched off')
  const LoadBalancerId = id
  await shop.cloud.advance(1000)
  const theirs = { LoadBalancerId, ListenerPort: 22, BackendServerPort: 22, Bandwidth: -1 }
  shop.cloud.ask('slb', 'CreateLoadBalancerTCPListener', theirs)
  await expect(shop.remove(configOf(ORDER))).rejects.toThrow(
    `${id} has listeners that Tidegate has not made (tcp 22); delete them there first`,
  )
  expect(created()).toHaveLength(1)
})
