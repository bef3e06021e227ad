import { expect, test } from 'vitest'
import { World, type WorldOptions } from '../kit/world.ts'

const MINUTE = 60_000

/** Four servers serve, then the load of one is left. */
async function quieted(keeps: number, options: WorldOptions = {}): Promise<World> {
  const world = new World({
    fleet: { min: 1, max: 6, drainMs: 2_000, guards: { inPatienceMs: 10_000 } },
    ...options,
  })
  world.fleet.keeps = keeps
  world.load = 4 * 8
  world.start()
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ ready: 4, kept: 0 })
  world.load = 4
  await world.pass(2 * MINUTE)
  return world
}

const kept = async (world: World) => (await world.fleet.list()).kept?.map(({ id }) => id)

test('keeps as many that leave as may be kept, and starts them again before it launches others', async () => {
  const world = await quieted(2)
  expect(world.status).toMatchObject({ desired: 1, actual: 1, kept: 2, open: [] })
  expect(world.fleet.everLaunched).toHaveLength(4)
  world.load = 4 * 8
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ ready: 4, kept: 0 })
  expect(world.fleet.everLaunched).toHaveLength(5)
})

test('gives back those that are kept when they are of another version, or too many', async () => {
  const world = await quieted(2)
  world.fleet.keeps = 1
  await world.pass(10_000)
  expect(await kept(world)).toHaveLength(1)
  world.spec = { ...world.spec, revision: 'r2' }
  world.loops!.fleet.replace(world.settings())
  await world.pass(MINUTE)
  expect(await kept(world)).toEqual([])
  expect(world.status.servers.map(({ revision }) => revision)).toEqual(['r2'])
})

test('keeps none that had to be replaced, or failed', async () => {
  const world = await quieted(0)
  world.fleet.keeps = 3
  world.fleet.crash(world.status.servers[0]!.id)
  await world.pass(MINUTE)
  world.spec = { ...world.spec, revision: 'r2' }
  world.loops!.fleet.replace(world.settings())
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ actual: 1, kept: 0 })
})

test('whoever stops everything gives back what is kept too', async () => {
  const world = await quieted(2)
  const about = { scope: 'fleet:api', at: world.clock.now(), untilAt: null, by: 'ann' }
  await world.store.order({ kind: 'stop' }, about)
  await world.pass(MINUTE)
  expect(await world.fleet.list()).toMatchObject({ servers: [], kept: [] })
})
