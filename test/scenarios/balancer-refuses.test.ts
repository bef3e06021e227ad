import { expect, test } from 'vitest'
import type { Balancer } from '../../src/core/balancer.ts'
import { Fault } from '../../src/core/fault.ts'
import { untranslated } from '../kit/chinese.ts'
import { World } from '../kit/world.ts'

const WHY = 'port 80 of lb-1 has a listener that Tidegate has not made'

/** A balancer that refuses its configuration, each time by another request; `half`: its pools are there all the same. */
function refusing(half: boolean) {
  let asked = 0
  let isRefusing = true
  const world: World = new World({
    fleet: { min: 2, max: 6, startupMs: 20_000 },
    nature: { warmUpMs: null },
    carry: (): Balancer => ({
      status: async () => {
        const status = await world.balancer.status()
        return isRefusing ? { ...status, specHash: null } : status
      },
      configure: async (spec) => {
        asked++
        if (!isRefusing || half) await world.balancer.configure(spec)
        if (isRefusing)
          throw new Fault('balancer.refused', `${WHY} (request R-${asked})`, { source: 'user', retry: 'no' })
      },
      members: (pool) => world.balancer.members(pool),
      put: (pool, members) => world.balancer.put(pool, members),
      drop: (pool, ids) => world.balancer.drop(pool, ids),
    }),
  })
  world.load = 40
  world.start()
  return {
    world,
    asked: () => asked,
    agree: () => {
      isRefusing = false
    },
  }
}

const why = (world: World) => world.status.decision!.because.map(({ by, says }) => `${by}: ${says}`)

test('servers that a balancer cannot admit are kept, none beyond min is bought, and its reason is told', async () => {
  const { world, agree } = refusing(true)
  await world.pass(180_000)
  expect(world.fleet.everLaunched).toHaveLength(2)
  expect(world.status).toMatchObject({ actual: 2, ready: 0, desired: 2, backoff: null })
  expect(why(world)).toContainEqual(expect.stringMatching(`^guard:admission: servers wait to join, .*${WHY}`))
  expect(world.status.servers.map(({ detail }) => detail)).toEqual(
    Array(2).fill(expect.stringContaining(WHY)),
  )
  expect(world.status.alerts).toMatchObject([{ name: 'balancer', says: expect.stringContaining(WHY) }])
  expect(untranslated(why(world).filter((text) => !text.includes(WHY)))).toEqual([])
  agree()
  await world.pass(45_000)
  expect(world.status.alerts).toEqual([])
  // From then on the time to start counts, and it is theirs if they do not serve.
  await world.pass(10_000)
  expect(await world.events('server')).toContainEqual(expect.stringContaining('it did not serve within 20s'))
})

test('a pool that cannot be read says what its balancer refused, once, and it is asked ever more slowly', async () => {
  const { world, asked, agree } = refusing(false)
  await world.pass(180_000)
  expect(world.status.blind).toContain(WHY)
  expect(world.status.blind).not.toContain('there is no pool')
  expect(world.fleet.everLaunched).toHaveLength(0)
  expect(asked()).toBeLessThan(15)
  const told = (await world.events('fault')).filter((text) => text.startsWith('gateway: '))
  expect(told).toHaveLength(1)
  expect(world.status.alerts).toMatchObject([{ name: 'blind' }])
  agree()
  await world.pass(35_000)
  expect(world.status).toMatchObject({ blind: null, alerts: [] })
})

test('a configuration that is loaded anew is tried at once', async () => {
  const { world, asked } = refusing(false)
  await world.pass(120_000)
  const before = asked()
  world.loops!.balancer.replace({ spec: world.balancerSpec(), tickMs: 1_000 })
  await world.pass(2_000)
  expect(asked()).toBeGreaterThan(before)
})

test('a server whose place in a balancer is somebody else`s says so as long as it waits', async () => {
  const message = 'pool api: api-1 of rsp-1 is a member that Tidegate has not added'
  let isTaken = true
  const world: World = new World({
    fleet: { min: 2, max: 6, startupMs: 600_000 },
    carry: (): Balancer => ({
      status: () => world.balancer.status(),
      configure: (spec) => world.balancer.configure(spec),
      members: (pool) => world.balancer.members(pool),
      put: async (pool, members) => {
        const others = members.filter(({ id }) => !(isTaken && id === 'api-1'))
        await world.balancer.put(pool, others)
        if (others.length < members.length)
          throw new Fault('balancer.foreign-member', message, { source: 'user', retry: 'no' })
      },
      drop: (pool, ids) => world.balancer.drop(pool, ids),
    }),
  })
  world.start()
  await world.pass(30_000)
  const shown = () => world.status.servers.map(({ id, state, detail }) => ({ id, state, detail }))
  expect(shown()).toContainEqual({ id: 'api-1', state: 'starting', detail: message })
  expect(shown()).toContainEqual({ id: 'api-2', state: 'serving', detail: null })
  isTaken = false
  await world.pass(30_000)
  expect(shown()).toContainEqual({ id: 'api-1', state: 'serving', detail: null })
})

test('orders that nobody answers are no reason to wait for ever', async () => {
  const world = new World()
  const orders = world.store.orders.bind(world.store)
  let hangs = false
  world.store.orders = async (...asked) => {
    if (hangs) await new Promise(() => {})
    return await orders(...asked)
  }
  world.start()
  await world.pass(3_000)
  hangs = true
  await world.pass(10_000)
  expect(world.loops?.balancer.blind).toContain('no answer within 3s')
  world.balancer.forget()
  hangs = false
  await world.pass(10_000)
  expect((await world.balancer.status()).pools).toEqual(['api'])
})
