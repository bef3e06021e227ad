import { expect, test } from 'vitest'
import { World } from '../kit/world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A controller that has begun by a clock eight hours ahead, and the next one by one that is right. */
async function setBack(world: World): Promise<void> {
  world.kill()
  world.clock.jump(-8 * HOUR)
  world.start()
  await world.pass(MINUTE)
}

test('after the clock was set back no cooldown and no pace lasts for as long as that', async () => {
  const guards = { outCooldownMs: 30_000, outPace: [{ servers: 2, perMs: MINUTE }], inPatienceMs: MINUTE }
  const world = new World({ fleet: { min: 1, max: 9, guards } })
  world.start()
  await world.pass(MINUTE)
  world.load = 24
  await world.pass(10_000)
  expect(world.status).toMatchObject({ desired: 3, ready: 3 })
  await setBack(world)
  world.kill()
  world.start()
  world.load = 40
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 5, ready: 5 })
  world.load = 8
  await world.pass(3 * MINUTE)
  expect(world.status).toMatchObject({ desired: 1 })
})

test('nor does the wait after launches that came to nothing', async () => {
  const world = new World({ fleet: { min: 1, max: 9 } })
  world.start()
  await world.pass(10_000)
  for (let refused = 0; refused < 8; refused++) world.fleet.mishaps.push({ kind: 'refuse' })
  world.load = 24
  await world.pass(2 * MINUTE)
  expect(world.status.backoff).not.toBeNull()
  world.fleet.mishaps.splice(0)
  await setBack(world)
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 3, ready: 3 })
})

test('nor does a drain', async () => {
  const world = new World({ fleet: { min: 1, max: 9, drainMs: 30_000 }, requestMs: HOUR })
  world.load = 24
  world.start()
  await world.pass(30_000)
  expect(world.status).toMatchObject({ desired: 3, ready: 3 })
  world.load = 8
  await world.pass(10_000)
  expect(world.status.servers.map(({ state }) => state)).toContain('draining')
  await setBack(world)
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ actual: 1, ready: 1 })
})
