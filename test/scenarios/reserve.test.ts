import { expect, test } from 'vitest'
import type { OrderBody } from '../../src/core/order.ts'
import { World } from '../kit/world.ts'

const MINUTE = 60_000

/** Two servers are wanted, and one is kept in reserve. */
async function withReserve(): Promise<World> {
  const world = new World({ fleet: { min: 1, max: 6, reserve: 1, drainMs: 2_000 } })
  world.load = 16
  world.start()
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 2, actual: 3, ready: 3, open: [] })
  return world
}

function order(world: World, body: OrderBody) {
  const about = { scope: 'fleet:api', at: world.clock.now(), untilAt: null, by: 'ann' }
  return world.store.order(body, about)
}

test('keeps so many more than are wanted, however the load rises and falls, and never more than max', async () => {
  const world = await withReserve()
  const launched = world.fleet.everLaunched.length
  await world.pass(5 * MINUTE)
  expect(world.fleet.everLaunched).toHaveLength(launched)
  world.load = 4 * 8
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 4, actual: 5, ready: 5 })
  world.load = 9 * 8
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 6, actual: 6 })
  expect(world.status.alerts).toMatchObject([{ name: 'at-max' }])
  world.load = 16
  await world.pass(30 * MINUTE)
  expect(world.status).toMatchObject({ desired: 2, actual: 3, ready: 3, open: [] })
})

test('one that dies is filled up again, and was nobody that is wanted', async () => {
  const world = await withReserve()
  const before = await world.events('decision')
  world.fleet.crash(world.status.servers[0]!.id)
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 2, actual: 3, ready: 3 })
  expect(await world.events('decision')).toEqual(before)
})

test('is replaced with the others, and never serves with fewer', async () => {
  const world = await withReserve()
  world.spec = { ...world.spec, revision: 'r2' }
  world.loops!.fleet.replace(world.settings())
  await world.pass(3 * MINUTE, () => expect(world.status.ready).toBeGreaterThanOrEqual(3))
  expect(world.status.servers.map(({ revision }) => revision)).toEqual(['r2', 'r2', 'r2'])
  expect(world.status).toMatchObject({ desired: 2, replacement: null })
})

test('a reserve that comes or goes with the file is no change of what is wanted, and waits while that is paused', async () => {
  const world = await withReserve()
  await order(world, { kind: 'pause', direction: 'out' })
  world.spec = { ...world.spec, reserve: 3 }
  world.loops!.fleet.replace(world.settings())
  await world.pass(MINUTE)
  expect(world.status.actual).toBe(3)
  await world.store.withdraw('fleet:api', { kind: 'pause' })
  const before = await world.events('decision')
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 2, actual: 5 })
  expect(await world.events('decision')).toEqual(before)
})

test('whoever stops everything stops the reserve too', async () => {
  const world = await withReserve()
  await order(world, { kind: 'stop' })
  await world.pass(MINUTE)
  expect(world.status.servers).toEqual([])
})
