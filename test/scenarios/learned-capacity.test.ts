import { expect, test } from 'vitest'
import { explanation } from '../../src/cli/explain.ts'
import { SimHistory } from '../../src/simulator/sim-history.ts'
import { untranslated } from '../kit/chinese.ts'
import { live } from '../kit/lived.ts'
import { ofCapacity } from '../kit/scaling.ts'
import { World, type WorldOptions } from '../kit/world.ts'

const MINUTE = 60_000

/** A fleet whose servers are to be used to 70 % of whatever they can carry; 400 requests a second come. */
function aWorld(capacityRps: number | null = null, over: WorldOptions = {}): World {
  const policies = [ofCapacity('rps-per-server', 0.7)]
  const world = new World({ fleet: { min: 1, max: 20, policies, capacityRps }, tickMs: 5_000, ...over })
  world.arrivals = 400
  return world
}

test('a fleet is used to a share of what its past tells that a server carries, and keeps to it over a restart', async () => {
  const world = aWorld()
  await live(world.history, 'api', world.clock.now())
  world.start()
  await world.pass(10 * MINUTE)
  // The low end of what is known of 80/s.
  expect(world.status.ready).toBeGreaterThanOrEqual(7)
  expect(world.status.ready).toBeLessThanOrEqual(8)
  const known = world.status.ready
  world.kill()
  world.start()
  const seen = new Set<number>()
  await world.pass(10 * MINUTE, () => void seen.add(world.status.ready))
  expect([...seen].filter((ready) => ready > 0)).toEqual([known])
  expect(world.ends).toEqual([])
})

test('what was once sure outlives a controller, though its history has become quiet', async () => {
  let isQuiet = false
  const world = aWorld(null, {
    wrap: (ports) => (isQuiet ? { ...ports, history: new SimHistory(ports.clock) } : ports),
  })
  await live(world.history, 'api', world.clock.now())
  world.start()
  await world.pass(10 * MINUTE)
  const known = world.status.ready
  world.kill()
  isQuiet = true
  world.start()
  world.arrivals = 800
  await world.pass(10 * MINUTE)
  expect(world.status.learned.capacity).toBeNull()
  expect(world.status.ready).toBeGreaterThan(known)
})

test('a capacity of the file stands in its place', async () => {
  const world = aWorld(200)
  await live(world.history, 'api', world.clock.now())
  world.start()
  await world.pass(10 * MINUTE)
  expect(world.status.ready).toBe(3)
})

test('until it is known nothing changes, and explain says why', async () => {
  const world = aWorld()
  world.start()
  await world.pass(2 * MINUTE)
  expect(world.status.ready).toBe(1)
  const says = explanation(world.status, undefined)
  expect(says.join('\n')).toContain('rps-per-server: what a server can carry is not known yet')
  expect(untranslated(says)).toEqual([])
})
