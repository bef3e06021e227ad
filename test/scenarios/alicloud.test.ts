import { beforeEach, expect, test } from 'vitest'
import { AlbCloud } from '../kit/alb-cloud.ts'
import { Cloud } from '../kit/cloud.ts'
import { aClb, cloudWorld } from '../kit/cloud-world.ts'
import { sandboxKeys } from '../kit/ecs.ts'

const MINUTE = 60_000

beforeEach(sandboxKeys)

test('servers are bought as the load rises, join when they serve, and are drained and deleted as it falls', async () => {
  const cloud = new Cloud()
  const world = cloudWorld(cloud, { fleet: { min: 2, max: 20, guards: { inPatienceMs: 30_000 } } })
  world.load = 16
  world.start()
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 2, ready: 2 })
  world.load = 8 * 16
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 16, ready: 16 })
  world.load = 16
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 2, actual: 2, ready: 2, open: [] })
  expect(world.balancer.dropped.map(({ inFlight }) => inFlight)).toEqual(Array(14).fill(0))
  const { instances, released } = cloud.world.ecs
  expect([...instances.values()].map(({ autoReleaseAt }) => autoReleaseAt)).toEqual([null, null])
  expect(released.map(({ why }) => why)).toEqual(Array(14).fill('DeleteInstances'))
})

test('the same behind a CLB, in a group where others have a server too', async () => {
  const cloud = new Cloud()
  const shop = await aClb(cloud)
  const world = cloudWorld(cloud, {
    fleet: { min: 2, max: 20, guards: { inPatienceMs: 30_000 } },
    clb: shop,
  })
  const weights = () => cloud.world.slb.groups.get(shop.group)!.backends.map(({ weight }) => weight)
  world.load = 16
  world.start()
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 2, ready: 2 })
  world.load = 4 * 16
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 8, ready: 8 })
  expect(weights()).toEqual([30, ...Array(8).fill(100)])
  world.load = 16
  await world.pass(4 * MINUTE)
  expect(world.status).toMatchObject({ desired: 2, actual: 2, ready: 2, open: [] })
  expect(weights()).toEqual([30, 100, 100])
})

test('the same behind an ALB, in a group that the controller makes', async () => {
  const cloud = new AlbCloud()
  const alb = await cloud.balancer()
  const world = cloudWorld(cloud, { fleet: { min: 2, max: 20, guards: { inPatienceMs: 30_000 } }, alb })
  const weights = () =>
    [...cloud.world.alb.of.servergroup.values()].flatMap(({ servers }) => servers.map(({ weight }) => weight))
  world.load = 16
  world.start()
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 2, ready: 2 })
  world.load = 4 * 16
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 8, ready: 8 })
  expect(weights()).toEqual(Array(8).fill(100))
  world.load = 16
  await world.pass(4 * MINUTE)
  expect(world.status).toMatchObject({ desired: 2, actual: 2, ready: 2, open: [] })
  expect(weights()).toEqual([100, 100])
})
