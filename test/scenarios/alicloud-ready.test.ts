import { beforeEach, expect, test } from 'vitest'
import { withInstance } from '../../src/sandbox/ecs/instances.ts'
import { planned } from '../../src/sandbox/world.ts'
import { Cloud } from '../kit/cloud.ts'
import { cloudWorld } from '../kit/cloud-world.ts'
import { sandboxKeys } from '../kit/ecs.ts'

const MINUTE = 60_000
const GUARDS = { inPatienceMs: 30_000 }

beforeEach(sandboxKeys)

const instances = (cloud: Cloud) => [...cloud.world.ecs.instances.values()]
const calls = (cloud: Cloud, name: string) => cloud.calls.filter((action) => action === name).length

test('servers that leave are kept stopped, started when load comes back, and released when all is stopped', async () => {
  const cloud = new Cloud()
  const world = cloudWorld(cloud, { fleet: { min: 2, max: 20, guards: GUARDS }, driver: { warm: 3 } })
  world.load = 8 * 8
  world.start()
  await world.pass(3 * MINUTE)
  expect(world.status).toMatchObject({ desired: 8, ready: 8, kept: 0 })
  world.load = 16
  await world.pass(3 * MINUTE)
  expect(world.status).toMatchObject({ desired: 2, actual: 2, ready: 2, kept: 3, open: [] })
  expect(cloud.world.ecs.released).toHaveLength(3)
  expect(instances(cloud).filter(({ chargedFrom }) => chargedFrom === null)).toHaveLength(3)

  const bought = calls(cloud, 'RunInstances')
  world.load = 5 * 8
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 5, ready: 5, kept: 0 })
  expect(calls(cloud, 'RunInstances')).toBe(bought)

  world.load = 16
  await world.pass(3 * MINUTE)
  expect(world.status).toMatchObject({ actual: 2, kept: 3 })
  const about = { scope: 'fleet:api', at: cloud.clock.now(), untilAt: null, by: 'ann' }
  await world.store.order({ kind: 'stop' }, about)
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ servers: [], kept: 0 })
  expect(instances(cloud)).toEqual([])
  expect(world.ends).toEqual([])
})

test('a spot server is replaced within its notice, and nothing is lost', async () => {
  const cloud = new Cloud()
  const world = cloudWorld(cloud, {
    fleet: { min: 3, max: 6, guards: GUARDS },
    driver: { spot: { base: 1 } },
  })
  world.load = 20
  world.start()
  await world.pass(3 * MINUTE)
  expect(world.status).toMatchObject({ ready: 3 })
  const spot = instances(cloud).find((one) => one.spot !== 'NoSpot')!
  const at = cloud.clock.now() + 5 * MINUTE
  cloud.world = planned(withInstance(cloud.world, { ...spot, recycledAt: at }), {
    at,
    kind: 'ecs.recycle',
    id: spot.id,
  })
  await world.pass(6 * MINUTE, () => expect(world.status.ready).toBeGreaterThanOrEqual(3))
  expect(world.status).toMatchObject({ ready: 3, replacement: null })
  expect(cloud.world.ecs.released).toMatchObject([{ id: spot.id, why: 'DeleteInstances' }])
})

test('zones stay as full as each other while load rises and falls, with a reserve on top', async () => {
  const cloud = new Cloud()
  const world = cloudWorld(cloud, { fleet: { min: 2, max: 20, reserve: 1, guards: GUARDS } })
  world.start()
  for (const wanted of [8, 5, 11, 2]) {
    world.load = wanted * 8
    await world.pass(4 * MINUTE)
    expect(world.status).toMatchObject({ desired: wanted, ready: wanted + 1, reserve: 1 })
    const zones = Map.groupBy(instances(cloud), ({ zone }) => zone)
    const counts = [...zones.values()].map(({ length }) => length)
    expect(Math.max(...counts) - Math.min(...counts)).toBe(0)
  }
})
