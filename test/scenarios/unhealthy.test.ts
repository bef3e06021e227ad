import { expect, test } from 'vitest'
import { createOrders } from '../../src/controller/orders.ts'
import { untranslated } from '../kit/chinese.ts'
import { NO_SHADOW, World } from '../kit/world.ts'

const minutes = (count: number) => count * 60_000

/** Two servers that serve 12 requests in flight, 8 each at most. */
async function two(fleet: ConstructorParameters<typeof World>[0] & object = {}) {
  const world = new World({ ...fleet, fleet: { min: 2, max: 4, drainMs: 1_000, ...fleet.fleet } })
  world.load = 12
  world.start()
  await world.pass(8_000)
  expect(world.status).toMatchObject({ ready: 2, desired: 2 })
  return world
}

const fallIll = (world: World, ...which: number[]) => {
  for (const index of which) world.fleet.ill.add(world.status.servers[index]!.address!)
}

const reasons = (world: World) => world.status.decision!.because.map(({ by, says }) => `${by}: ${says}`)
const ids = (world: World) => world.status.servers.map(({ id }) => id)

test('an unhealthy server is missing as capacity: another comes, and it is told why', async () => {
  const world = await two()
  fallIll(world, 0)
  await world.pass(5_000)
  expect(world.status).toMatchObject({ ready: 1, actual: 2 })
  await world.pass(25_000)
  expect(world.status).toMatchObject({ ready: 2, actual: 3, desired: 2 })
  expect(reasons(world)).toContain('guard:places: 1 server unhealthy: capacity that is missing')
  expect(world.status.readings['in-flight-per-server']).toMatchObject({ sample: { value: 6 } })
  const events = await world.events()
  expect(events).toContain('api-1 is unhealthy: its capacity is missing')
  expect(untranslated([...events, ...reasons(world)])).toEqual([])
})

test('its replacement launches no second one, and takes the unhealthy one away', async () => {
  const world = await two({ fleet: { replace: { surge: 1, unhealthyMs: minutes(1) } } })
  fallIll(world, 0)
  await world.pass(minutes(3))
  expect(ids(world)).toEqual(['api-2', 'api-3'])
  expect(world.fleet.everLaunched).toHaveLength(3)
})

test('one that comes back soon buys nothing; one that comes back late is one too many', async () => {
  const world = await two({ fleet: { guards: { inPatienceMs: minutes(1) } } })
  const [first] = world.status.servers
  for (let blip = 0; blip < 5; blip++) {
    fallIll(world, 0)
    await world.pass(10_000)
    world.fleet.ill.delete(first!.address!)
    await world.pass(20_000)
  }
  expect(world.fleet.everLaunched).toHaveLength(2)
  for (let long = 0; long < 5; long++) {
    fallIll(world, 0)
    await world.pass(25_000)
    world.fleet.ill.delete(first!.address!)
    await world.pass(25_000)
  }
  expect(world.fleet.everLaunched).toHaveLength(3)
  expect(await world.events()).toContain('api-1 counts again')
})

test('where all are unhealthy they count as before, for the checks are more likely wrong', async () => {
  const world = await two()
  fallIll(world, 0, 1)
  await world.pass(minutes(10))
  expect(world.status).toMatchObject({ ready: 2, actual: 2, desired: 2 })
  expect(world.fleet.everLaunched).toHaveLength(2)
})

test('at max none is bought for an unhealthy one before it is replaced', async () => {
  const world = await two({ fleet: { max: 2, replace: { surge: 1, unhealthyMs: minutes(2) } } })
  fallIll(world, 0)
  await world.pass(minutes(2) - 5_000, () => expect(world.status.actual).toBe(2))
  expect(reasons(world)).toContain(
    'guard:places: max 2 has no place for 1 server more: unhealthy and drained ones keep theirs',
  )
  await world.pass(minutes(1))
  expect(ids(world)).toEqual(['api-2', 'api-3'])
})

test('when load falls the unhealthy one is the first to leave', async () => {
  const world = await two({ fleet: { min: 1, replace: { surge: 1, unhealthyMs: null } } })
  world.load = 15
  fallIll(world, 0)
  await world.pass(30_000)
  expect(ids(world)).toEqual(['api-1', 'api-2', 'api-3'])
  world.load = 4
  await world.pass(30_000)
  expect(ids(world)).not.toContain('api-1')
  expect(world.status).toMatchObject({ ready: 1, actual: 1 })
})

test('a server that an operator drains keeps its place within max', async () => {
  const world = await two({ fleet: { min: 2, max: 2 } })
  const { store, clock } = world
  const loops = { fleets: () => [world.loops!.fleet], balancers: () => [world.loops!.balancer] }
  const nobody = { ...NO_SHADOW, reload: async () => [], purge: async () => ({ forgotten: 1 }) }
  const orders = createOrders({ ...loops, store, clock, ...nobody })
  await orders.drainServer('api-1', 'ann')
  await world.pass(30_000)
  expect(world.status).toMatchObject({ ready: 1, actual: 2 })
  await orders.readyServer('api-1', 'ann')
  await world.pass(10_000)
  expect(ids(world)).toEqual(['api-1', 'api-2'])
  expect(world.status).toMatchObject({ ready: 2, actual: 2 })
  await orders.drainServer('api-1', 'ann')
  await orders.replace('api', 'ann')
  await world.pass(minutes(1))
  expect(ids(world)).toEqual(['api-1', 'api-3'])
  expect(world.status).toMatchObject({ ready: 1, actual: 2, replacement: null })
})
