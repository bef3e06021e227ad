import { expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { World } from '../kit/world.ts'

test('a journal that does not take the ends of ticks holds every new step back, and lets the first one through when it does', async () => {
  let isFull = false
  const world = new World({ fleet: { min: 1, max: 5 }, nature: { bootMs: 100, warmUpMs: 300 } })
  const commit = world.store.commit.bind(world.store)
  world.store.commit = async (...args) => {
    if (isFull) throw new Fault('store.failed', 'the disk is full', { source: 'vendor', retry: 'yes' })
    await commit(...args)
  }
  world.load = 4
  world.start()
  await world.pass(5_000)
  isFull = true
  await world.pass(5_000)
  world.load = 24
  await world.pass(30_000)
  expect(world.fleet.everLaunched).toHaveLength(1)
  isFull = false
  await world.pass(10_000)
  expect(world.fleet.everLaunched).toHaveLength(3)
  world.kill()
})
