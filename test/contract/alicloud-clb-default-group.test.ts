import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Balancer, MemberSpec } from '../../src/core/balancer.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { checked, listener, Shop } from '../kit/shop.ts'
import { aBalancerSpec, aPoolSpec } from './balancer.ts'

const never = new AbortController().signal

let shop: Shop
let balancer: Balancer
beforeEach(() => {
  sandboxKeys()
  shop = new Shop()
  balancer = shop.balancer()
})
afterEach(async () => {
  await shop.close()
})

/** Its pool has the default group, whose servers take traffic at this port; null = a group of Tidegate's own. */
function specOf(port: number | null) {
  const part = port === null ? { serverGroup: null } : { serverGroup: 'default', port }
  return { ...aBalancerSpec([{ ...checked(aPoolSpec('api')), part }]), listeners: [listener('api', 80)] }
}
const server = (nth: number, port = 8080): MemberSpec => {
  const ip = `127.10.9.${nth}`
  return { id: shop.anInstance(ip), address: `${ip}:${port}`, weight: 100 }
}
const instance = () => shop.cloud.world.slb.balancers.get(shop.id)!
const writes = () => shop.cloud.calls.filter((action) => !action.startsWith('Describe'))

test('servers join, weigh and leave the group that every instance has, behind a listener of its port', async () => {
  await balancer.configure(specOf(8080), never)
  expect(instance().listeners).toMatchObject([{ port: 80, settings: { BackendServerPort: 8080 } }])
  expect(instance().listeners[0]!.settings).not.toHaveProperty('VServerGroupId')
  await balancer.put('api', [server(1), server(2)], never)
  await balancer.put('api', [{ ...server(2), weight: 0 }], never)
  expect(instance().backends).toMatchObject([
    { server: server(1).id, port: null, weight: 100, description: `tidegate/demo/fleet/${server(1).id}` },
    { server: server(2).id, weight: 0 },
  ])
  await shop.cloud.advance(10_000)
  expect(await balancer.members('api', never)).toMatchObject([
    { id: server(1).id, address: server(1).address, state: 'healthy' },
    { id: server(2).id, state: 'draining' },
  ])
  await balancer.drop('api', [server(2).id], never)
  expect(instance().backends).toHaveLength(1)
  expect(shop.cloud.world.slb.groups.size).toBe(0)
})

test('another controller finds it as it is, and members of others stay', async () => {
  await balancer.configure(specOf(8080), never)
  await balancer.put('api', [server(1)], never)
  await shop.cloud.advance(1000)
  const theirs = JSON.stringify([{ ServerId: server(3).id, Weight: 30, Description: 'by-hand' }])
  shop.cloud.ask('slb', 'AddBackendServers', { LoadBalancerId: shop.id, BackendServers: theirs })
  const before = writes().length
  const other = shop.balancer()
  await other.configure(specOf(8080), never)
  await other.put('api', [server(1)], never)
  expect(writes()).toHaveLength(before)
  await expect(other.put('api', [server(3)], never)).rejects.toMatchObject({
    code: 'balancer.foreign-member',
  })
  await other.drop('api', [server(1).id], never)
  expect(instance().backends).toMatchObject([{ server: server(3).id, weight: 30 }])
})

test('a server of another port is refused, and so is another port of a listener that is made', async () => {
  await balancer.configure(specOf(8080), never)
  await expect(balancer.put('api', [server(1, 9090)], never)).rejects.toThrow(
    '127.10.9.1:9090 takes traffic at another port than the servers of the default group, 8080',
  )
  await expect(balancer.configure(specOf(9090), never)).rejects.toThrow(
    'the listener at port 80 was made for port 8080 of its servers, which CLB cannot change to 9090',
  )
})

test('a listener goes from the default group to another one and back', async () => {
  await balancer.configure(specOf(8080), never)
  await balancer.put('api', [server(1)], never)
  await balancer.configure(specOf(null), never)
  const [group] = [...shop.cloud.world.slb.groups.values()]
  expect(instance().listeners[0]!.settings).toMatchObject({ VServerGroupId: group!.id })
  expect(instance().backends).toEqual([])
  await balancer.configure(specOf(8080), never)
  expect(instance().listeners[0]!.settings).not.toHaveProperty('VServerGroupId')
  expect(shop.cloud.world.slb.groups.size).toBe(0)
})
