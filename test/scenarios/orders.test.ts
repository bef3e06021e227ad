import { expect, test } from 'vitest'
import { costReport } from '../../src/app/cost-report.ts'
import { createOrders } from '../../src/controller/orders.ts'
import { createQueries } from '../../src/controller/queries.ts'
import { aFleet } from '../kit/scaling.ts'
import { NO_SHADOW, World, type WorldOptions } from '../kit/world.ts'

const LATE = aFleet({ name: 'late' })

async function running(options: WorldOptions = {}) {
  const world = new World({ ...options, fleet: { min: 2, ...options.fleet } })
  world.start()
  await world.pass(10_000)
  const loops = { fleets: () => [world.loops!.fleet], balancers: () => [world.loops!.balancer] }
  const { store, clock } = world
  const orders = createOrders({
    ...loops,
    store,
    clock,
    ...NO_SHADOW,
    reload: async () => [],
    purge: async () => ({ forgotten: 1 }),
  })
  const queries = createQueries({
    ...loops,
    store,
    history: world.history,
    clock,
    costOf: (fleet, range) => costReport(fleet, world.history, range, clock.now()),
    stats: async () => null,
    leftBalancers: () => [],
    late: { specs: [LATE], statuses: [] },
    shadow: () => null,
    about: () => ({ version: '0', installation: 'test', stateDir: '/', config: '/c', revision: 'r', pid: 1 }),
  })
  const states = () => Object.fromEntries(world.status.servers.map(({ id, state }) => [id, state]))
  return { world, orders, queries, states }
}

test('drains a server for an operator, keeps it, and takes it back', async () => {
  const { world, orders, states } = await running()
  await orders.drainServer('api-1', 'ann')
  await world.pass(60_000)
  expect(states()).toEqual({ 'api-1': 'draining', 'api-2': 'serving', 'api-3': 'serving' })
  expect(world.status.orders).toMatchObject([{ kind: 'drain', server: 'api-1', by: 'ann' }])
  await orders.pause('api', 'both', 'ann')
  await orders.readyServer('api-1', 'ann')
  await world.pass(3_000)
  expect(states()).toEqual({ 'api-1': 'serving', 'api-2': 'serving', 'api-3': 'serving' })
})

test('keeps the weight that an operator gave, and gives the own one back', async () => {
  const { world, orders, queries, states } = await running()
  const weights = async () => (await queries.pools())[0]!.members.map(({ id, weight }) => [id, weight])
  await orders.weigh({ pool: 'api', member: 'api-1', weight: 7, untilAt: world.clock.now() + 20_000 }, 'ann')
  await world.pass(10_000)
  expect(await weights()).toEqual([
    ['api-1', 7],
    ['api-2', 100],
  ])
  await world.pass(15_000)
  expect(await weights()).toEqual([
    ['api-1', 100],
    ['api-2', 100],
  ])
  await orders.weigh({ pool: 'api', member: 'api-1', weight: 0, untilAt: null }, 'ann')
  await world.pass(5_000)
  expect(states()).toMatchObject({ 'api-1': 'draining', 'api-2': 'serving' })
  await expect(
    orders.weigh({ pool: 'api', member: 'nobody', weight: 1, untilAt: null }, 'ann'),
  ).rejects.toMatchObject({ code: 'not-found' })
  await expect(
    orders.weigh({ pool: 'api', member: 'api-1', weight: -1, untilAt: null }, 'ann'),
  ).rejects.toMatchObject({
    code: 'request.invalid',
  })
})

test('drains a member of the file in every pool that has it', async () => {
  const servers = [{ id: '10.0.0.7:80', address: '10.0.0.7:80', weight: 60 }]
  const { world, orders, queries } = await running({ servers })
  const member = async () => (await queries.pools())[0]!.members.find(({ fixed }) => fixed)
  expect(await member()).toMatchObject({ weight: 60, state: 'healthy' })
  await orders.drainServer('10.0.0.7:80', 'ann')
  // The tick that does it shows it: whoever asks for it waits no second one.
  await world.pass(1_000)
  expect(await member()).toMatchObject({ weight: 0, state: 'draining' })
  await orders.readyServer('10.0.0.7:80', 'ann')
  await world.pass(3_000)
  expect(await member()).toMatchObject({ weight: 60, state: 'healthy' })
  await expect(orders.drainServer('10.0.0.9:80', 'ann')).rejects.toMatchObject({ code: 'not-found' })
})

test('holds a pinned number until it is resumed', async () => {
  const { world, orders } = await running()
  await orders.pin('api', 4, null, 'ann')
  await world.pass(10_000)
  expect(world.status).toMatchObject({ desired: 4, ready: 4 })
  await orders.resume('api', 'ann')
  await world.pass(10_000)
  expect(world.status).toMatchObject({ desired: 2, ready: 2 })
  await expect(orders.pin('nobody', 4, null, 'ann')).rejects.toMatchObject({ code: 'not-found' })
  await expect(orders.pin('api', 1.5, null, 'ann')).rejects.toMatchObject({ code: 'request.invalid' })
})

test('stops everything, ordered out or not, until whoever starts again takes the order back', async () => {
  const { world, orders } = await running()
  await orders.drainServer('api-1', 'ann')
  await world.pass(5_000)
  await orders.stop('ann')
  await world.pass(10_000)
  expect(world.status).toMatchObject({ desired: 0, servers: [] })
  expect(await world.balancer.members('api')).toEqual([])
  world.kill()
  world.start()
  await world.pass(10_000)
  expect(world.status).toMatchObject({ desired: 0, servers: [] })
  await world.store.withdraw('fleet:api', { kind: 'stop' })
  await world.pass(10_000)
  expect(world.status).toMatchObject({ desired: 2, ready: 2 })
})

test('tells when an order has come to its end by itself, once', async () => {
  const { world, orders } = await running()
  await orders.pin('api', 4, world.clock.now() + 5_000, 'ann')
  await world.pass(20_000)
  const told = (await world.store.lastEvents(500))
    .filter(({ kind }) => kind === 'order')
    .map(({ text }) => text)
  expect(told).toEqual(['ann ordered: 4 servers', 'the order of ann has ended: 4 servers'])
})

test('plans what it would do, and does nothing', async () => {
  const { world, queries } = await running()
  world.kill()
  world.load = 80
  const [plan] = await queries.plan()
  expect(plan).toMatchObject({ fleet: 'api', decision: { have: 2, want: 10 } })
  expect(plan!.steps).toMatchObject([{ kind: 'launch', request: { count: 8 } }])
  expect(world.fleet.everLaunched).toHaveLength(2)
})

test('is ready once every loop has seen everything', async () => {
  const { world, queries } = await running()
  expect(queries.blind()).toEqual([])
  world.start()
  expect(queries.blind()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^api: it has not looked yet/)]),
  )
})

test('a reload changes the limits and keeps the memory', async () => {
  const { world } = await running()
  world.spec = { ...world.spec, min: 3 }
  world.loops!.fleet.replace(world.settings())
  await world.pass(5_000)
  expect(world.status).toMatchObject({ min: 3, ready: 3 })
  expect(world.fleet.everLaunched).toHaveLength(3)
})

test('a fleet that could not be opened yet has its cost and its decisions told', async () => {
  const { world, queries } = await running()
  const range = { fromAt: world.clock.now() - 60_000, toAt: world.clock.now() }
  expect(await queries.cost({ fleet: 'late', ...range })).toMatchObject({ fleet: 'late', knownMs: 0 })
  const query = { fleet: 'late', before: null, after: null, limit: 10 }
  expect(await queries.decisions(query as never)).toBeDefined()
  await expect(queries.cost({ fleet: 'none', ...range })).rejects.toMatchObject({ code: 'not-found' })
})
