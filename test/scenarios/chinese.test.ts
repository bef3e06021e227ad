import { expect, test } from 'vitest'
import { explanation } from '../../src/cli/explain.ts'
import { createOrders } from '../../src/controller/orders.ts'
import { untranslated } from '../kit/chinese.ts'
import { NO_SHADOW, World, type WorldOptions } from '../kit/world.ts'

const MINUTE = 60_000

test('what a fleet does over a wave of load is told and explained in Chinese', async () => {
  const world = new World({
    fleet: { min: 2, max: 20, drainMs: 30_000, guards: { inPatienceMs: 30_000 } },
    requestMs: 3_000,
  })
  const told: string[] = []
  const watch = () => void told.push(...explanation(world.status, undefined))
  world.load = 16
  world.start()
  await world.pass(MINUTE, watch)
  world.load = 8 * 16
  await world.pass(MINUTE, watch)
  world.load = 16
  await world.pass(2 * MINUTE, watch)
  const events = await world.events()
  expect(events.length).toBeGreaterThan(20)
  expect(untranslated([...events, ...told])).toEqual([])
})

/** What is told of a minute after each of these, with orders in force. */
async function toldOf(
  options: WorldOptions,
  given: (orders: ReturnType<typeof createOrders>) => Promise<void>,
) {
  const world = new World({ ...options, fleet: { min: 2, ...options.fleet } })
  const told: string[] = []
  const watch = () => void told.push(...explanation(world.status, undefined))
  world.start()
  await world.pass(10_000, watch)
  const loops = { fleets: () => [world.loops!.fleet], balancers: () => [world.loops!.balancer] }
  const { store, clock } = world
  await given(
    createOrders({
      ...loops,
      store,
      clock,
      ...NO_SHADOW,
      reload: async () => [],
      purge: async () => ({ forgotten: 1 }),
    }),
  )
  await world.pass(MINUTE, watch)
  return [...(await world.events()), ...told]
}

test('what operators order is told in Chinese', async () => {
  const told = await toldOf({}, async (orders) => {
    const until = 1_800_000_030_000
    await orders.drainServer('api-1', 'ann')
    await orders.weigh({ pool: 'api', member: 'api-2', weight: 7, untilAt: until }, 'ann')
    await orders.pause('api', 'in', 'ann')
    await orders.replace('api', 'ann')
    await orders.purge({ kind: 'url', url: 'http://a/b' }, 'ann')
    await orders.purge({ kind: 'prefix', url: 'http://a/' }, 'ann')
    await orders.purge({ kind: 'everything' }, 'ann')
  })
  expect(told.join('\n')).toMatch(/ann ordered: drain api-1/)
  expect(untranslated(told)).toEqual([])
})

test('what fails is told in Chinese', async () => {
  const told = await toldOf({ fleet: { startupMs: 5_000 }, nature: { exitsAfterMs: 700 } }, async () => {})
  expect(told.join('\n')).toMatch(/the next launch waits/)
  expect(untranslated(told)).toEqual([])
})
