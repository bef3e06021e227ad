import { expect, test } from 'vitest'
import { World } from '../kit/world.ts'

const MINUTE = 60_000
const EFFECT = { afterMs: MINUTE, holdMs: 10 * MINUTE }

test('a bottleneck elsewhere is not answered with ever more servers, also after a restart', async () => {
  const world = new World({
    fleet: {
      min: 2,
      max: 40,
      guards: { effect: EFFECT, outCooldownMs: 1.5 * MINUTE, inPatienceMs: 60 * MINUTE },
    },
  })
  world.arrivals = 100
  // Requests wait for a database: however many servers there are, each of them holds 12.
  let waiting = 6
  const everywhere = () => {
    world.load = waiting * Math.max(1, world.status.ready)
  }
  world.start()
  await world.pass(2 * MINUTE, everywhere)
  expect(world.status.desired).toBe(2)
  waiting = 12
  await world.pass(MINUTE / 2, everywhere)
  const { desired } = world.status
  expect(desired).toBeGreaterThan(2)
  await world.pass(2 * MINUTE, everywhere)
  const held = world.status.desired
  world.kill()
  world.start()
  await world.pass(5 * MINUTE, everywhere)
  expect(world.status.desired).toBe(held)
  expect(world.status.alerts).toMatchObject([
    { name: 'ineffective', says: expect.stringContaining('did not lower in-flight-per-server') },
  ])
  expect(await world.events('alert')).toEqual([
    expect.stringMatching(/^alert ineffective: \d+ servers? more did not lower/),
  ])
})

test('a fleet at its limit raises an alert, which ends with the load', async () => {
  const world = new World({ fleet: { min: 1, max: 3 } })
  world.start()
  world.load = 100
  await world.pass(2 * MINUTE)
  expect(world.status.alerts).toMatchObject([{ name: 'at-max' }])
  world.load = 4
  await world.pass(3 * MINUTE)
  expect(world.status.alerts).toEqual([])
  expect(await world.events('alert')).toEqual([
    expect.stringMatching(/^alert at-max: \d+ servers are wanted, and max is 3$/),
    'alert at-max has ended',
  ])
})
