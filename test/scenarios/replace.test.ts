import { expect, test } from 'vitest'
import { createOrders } from '../../src/controller/orders.ts'
import { NO_SHADOW, World, type WorldOptions } from '../kit/world.ts'

const minutes = (count: number) => count * 60_000

/** Three servers that serve, of the revision r1; then the invariants are looked at every second. */
async function three(options: WorldOptions = {}) {
  const { fleet = {}, nature = {} } = options
  const world = new World({
    ...options,
    fleet: { min: 3, max: 3, drainMs: 4_000, policies: [], ...fleet },
    nature: { bootMs: 100, warmUpMs: 1_500, stopMs: 200, ...nature },
  })
  world.start()
  await world.pass(8_000)
  expect(world.status.ready).toBe(3)
  const { store, clock } = world
  const loops = { fleets: () => [world.loops!.fleet], balancers: () => [world.loops!.balancer] }
  return {
    world,
    orders: createOrders({
      ...loops,
      store,
      clock,
      ...NO_SHADOW,
      reload: async () => [],
      purge: async () => ({ forgotten: 1 }),
    }),
  }
}

function reload(world: World, over: Partial<World['spec']>): void {
  world.spec = { ...world.spec, ...over }
  world.loops!.fleet.replace(world.settings())
}

const healthy = async (world: World) =>
  (await world.balancer.members('api')).filter(({ state }) => state === 'healthy').length

/** Passes the time and holds at every second: so many healthy members at least, so many servers at most. */
async function watch(world: World, ms: number, { least, most }: { least: number; most: number }) {
  await world.pass(ms, async () => {
    expect(await healthy(world)).toBeGreaterThanOrEqual(least)
    expect((await world.fleet.list()).servers.length).toBeLessThanOrEqual(most)
  })
}

const revisions = (world: World) => world.status.servers.map(({ revision }) => revision)

test('replaces one after the other when the revision changes, and never serves with fewer', async () => {
  const { world } = await three()
  reload(world, { revision: 'r2' })
  await watch(world, 60_000, { least: 3, most: 4 })
  expect(revisions(world)).toEqual(['r2', 'r2', 'r2'])
  expect(world.status).toMatchObject({ ready: 3, desired: 3, replacement: null })
  expect(world.fleet.everLaunched).toHaveLength(6)
  expect((await world.events('decision')).filter((text) => text.includes('repla'))).toEqual([
    'api: replacing: 0 of 3 are of the new revision',
    'api: replacing: 1 of 3 are of the new revision',
    'api: replacing: 2 of 3 are of the new revision',
    'api: replacing: 3 of 3 are of the new revision',
    'api: replacement done',
  ])
})

test('replaces three at a time with a surge of three', async () => {
  const { world } = await three({ fleet: { replace: { surge: 3, unhealthyMs: null } } })
  reload(world, { revision: 'r2' })
  await watch(world, 15_000, { least: 3, most: 6 })
  expect(revisions(world)).toEqual(['r2', 'r2', 'r2'])
  expect(world.fleet.everLaunched).toHaveLength(6)
})

test('without a surge an old one leaves first, and no more than are wanted ever exist', async () => {
  const { world } = await three({ fleet: { replace: { surge: 0, unhealthyMs: null } } })
  reload(world, { revision: 'r2' })
  await watch(world, 60_000, { least: 2, most: 3 })
  expect(revisions(world)).toEqual(['r2', 'r2', 'r2'])
  expect(world.status).toMatchObject({ ready: 3, replacement: null })
  expect((await world.events('decision')).filter((text) => text.includes('->'))).toHaveLength(1)
})

test.each([0, 1, 2])('a bad revision stops the replacement, with a surge of %i', async (surge) => {
  const { world } = await three({ fleet: { replace: { surge, unhealthyMs: null } } })
  world.fleet.nature.exitsAfterMs = 500
  reload(world, { revision: 'bad' })
  await watch(world, 120_000, { least: surge === 0 ? 2 : 3, most: 3 + surge })
  expect(world.status.replacement).toMatchObject({ state: 'stopped', old: { revision: surge === 0 ? 2 : 3 } })
  expect(world.status.alerts).toMatchObject([{ name: 'replacement-stopped' }])
  // Without a surge the place of the one that left has to be filled: those launches go at the pace of the backoff.
  const launched = world.fleet.everLaunched.length
  expect(launched).toBeLessThanOrEqual(surge === 0 ? 12 : 3 + Math.max(1, surge))

  world.kill()
  world.start()
  await watch(world, 60_000, { least: surge === 0 ? 2 : 3, most: 3 + surge })
  expect(world.status.replacement).toMatchObject({ state: 'stopped' })
  if (surge > 0) expect(world.fleet.everLaunched).toHaveLength(launched)

  world.fleet.nature.exitsAfterMs = null
  reload(world, { revision: 'r3' })
  await watch(world, 120_000, { least: surge === 0 ? 2 : 3, most: 3 + surge })
  expect(revisions(world)).toEqual(['r3', 'r3', 'r3'])
})

test('a revision that never comes to serve is stopped too, and the way back leaves the old ones alone', async () => {
  const { world } = await three({ fleet: { startupMs: 10_000 } })
  world.fleet.nature.warmUpMs = null
  reload(world, { revision: 'bad' })
  await watch(world, 5_000, { least: 3, most: 4 })
  expect(revisions(world)).toContain('bad')
  reload(world, { revision: 'r1' })
  await watch(world, 20_000, { least: 3, most: 4 })
  expect(revisions(world)).toEqual(['r1', 'r1', 'r1'])
  expect(world.fleet.everLaunched).toHaveLength(4)
  reload(world, { revision: 'bad' })
  await watch(world, 60_000, { least: 3, most: 4 })
  expect(world.status.replacement).toMatchObject({ state: 'stopped', old: { revision: 3 } })
  expect(world.fleet.everLaunched).toHaveLength(5)
})

test('launches that are refused count as failures', async () => {
  const { world } = await three()
  world.fleet.mishaps.push({ kind: 'refuse' })
  reload(world, { revision: 'bad' })
  await watch(world, 60_000, { least: 3, most: 3 })
  expect(world.status.replacement).toMatchObject({ state: 'stopped' })
  expect(world.fleet.everLaunched).toHaveLength(3)
})

test('an order replaces every server that was there, over a restart, and is done then', async () => {
  const { world, orders } = await three()
  await orders.replace('api', 'ann')
  await watch(world, 6_000, { least: 3, most: 4 })
  world.kill()
  world.start()
  await watch(world, 60_000, { least: 3, most: 4 })
  expect(world.status).toMatchObject({ ready: 3, replacement: null, orders: [] })
  expect(world.fleet.everLaunched).toHaveLength(6)
  expect(world.status.servers.map(({ id }) => id)).toEqual(['api-4', 'api-5', 'api-6'])
})

test('an order tries a bad revision again', async () => {
  const { world, orders } = await three()
  world.fleet.nature.exitsAfterMs = 500
  reload(world, { revision: 'r2' })
  await watch(world, 30_000, { least: 3, most: 4 })
  expect(world.status.replacement).toMatchObject({ state: 'stopped' })
  world.fleet.nature.exitsAfterMs = null
  await orders.replace('api', 'ann')
  await watch(world, 60_000, { least: 3, most: 4 })
  expect(revisions(world)).toEqual(['r2', 'r2', 'r2'])
})

test('waits while an operator has paused the fleet', async () => {
  const { world, orders } = await three()
  await orders.pause('api', 'both', 'ann')
  reload(world, { revision: 'r2' })
  await watch(world, 30_000, { least: 3, most: 3 })
  expect(world.status.replacement).toMatchObject({ state: 'paused' })
  await orders.resume('api', 'ann')
  await watch(world, 60_000, { least: 3, most: 4 })
  expect(revisions(world)).toEqual(['r2', 'r2', 'r2'])
})

test('grows and shrinks with the load in the midst of it', async () => {
  const policy = { type: 'target' as const, name: 'load', metric: 'in-flight-per-server', value: 8 }
  const fleet = { min: 2, max: 6, policies: [policy], guards: { inPatienceMs: 3_000 } }
  const world = new World({ fleet: { drainMs: 4_000, ...fleet }, nature: { warmUpMs: 1_500 } })
  world.load = 24
  world.start()
  await world.pass(10_000)
  expect(world.status.ready).toBe(3)
  reload(world, { revision: 'r2' })
  await watch(world, 5_000, { least: 3, most: 4 })
  world.load = 46
  await watch(world, 5_000, { least: 3, most: 7 })
  await watch(world, 40_000, { least: 6, most: 7 })
  expect(revisions(world)).toEqual(Array(6).fill('r2'))
  reload(world, { revision: 'r3' })
  await watch(world, 3_000, { least: 6, most: 7 })
  world.load = 10
  await watch(world, 60_000, { least: 2, most: 7 })
  expect(revisions(world)).toEqual(['r3', 'r3'])
})

test('a server that stays unhealthy is replaced after its time, the new one first', async () => {
  const { world } = await three({ fleet: { replace: { surge: 1, unhealthyMs: minutes(5) } } })
  world.fleet.ill.add(world.status.servers[0]!.address!)
  await watch(world, minutes(5) - 2_000, { least: 2, most: 3 })
  expect(world.fleet.everLaunched).toHaveLength(3)
  await watch(world, 20_000, { least: 2, most: 4 })
  expect(await healthy(world)).toBe(3)
  expect(world.status.servers.map(({ id }) => id)).toEqual(['api-2', 'api-3', 'api-4'])
  expect(world.balancer.dropped).toMatchObject([{ id: 'api-1' }])
})

test('nobody is replaced for being unhealthy in panic', async () => {
  const { world } = await three()
  for (const { address } of world.status.servers.slice(0, 2)) world.fleet.ill.add(address!)
  await world.pass(minutes(20))
  expect(world.fleet.everLaunched).toHaveLength(3)
})

test('pins, and stops, in the midst of it', async () => {
  const { world, orders } = await three({ fleet: { max: 5 } })
  reload(world, { revision: 'r2' })
  await watch(world, 4_000, { least: 3, most: 4 })
  await orders.pin('api', 5, null, 'ann')
  await watch(world, 60_000, { least: 3, most: 6 })
  expect(revisions(world)).toEqual(Array(5).fill('r2'))
  reload(world, { revision: 'r3' })
  await watch(world, 4_000, { least: 5, most: 6 })
  await orders.stop('ann')
  await world.pass(20_000)
  expect(world.status).toMatchObject({ servers: [], replacement: null })
})
