import { expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { untranslated } from '../kit/chinese.ts'
import { World } from '../kit/world.ts'

const MINUTE = 60_000

test('follows a load that rises to eight times and falls again, and never has too few servers', async () => {
  const world = new World({
    fleet: { min: 2, max: 20, drainMs: 30_000, guards: { inPatienceMs: 30_000 } },
    requestMs: 3_000,
  })
  const watch = () => {
    const { ready } = world.status
    if (ready > 0) expect(ready).toBeGreaterThanOrEqual(2)
  }
  world.load = 16
  world.start()
  await world.pass(MINUTE, watch)
  expect(world.status).toMatchObject({ desired: 2, ready: 2 })
  world.load = 8 * 16
  await world.pass(MINUTE, watch)
  expect(world.status).toMatchObject({ desired: 16, ready: 16 })
  world.load = 16
  await world.pass(2 * MINUTE, watch)
  expect(world.status).toMatchObject({ desired: 2, actual: 2, ready: 2, open: [] })
  expect(world.fleet.everLaunched).toHaveLength(16)
  expect(world.balancer.dropped).toHaveLength(14)
  expect(world.balancer.dropped.every(({ inFlight }) => inFlight === 0)).toBe(true)
  expect(await world.events('decision')).toEqual([
    expect.stringMatching(/^api 0 -> 2: /),
    expect.stringMatching(
      /^api 2 -> 16: in-flight-per-server is 64 .*\(policy target-in-flight-per-server\)$/,
    ),
    expect.stringMatching(/^api 16 -> 2: /),
  ])
})

test('waits for open requests until the deadline, and no longer', async () => {
  const world = new World({ fleet: { min: 1, drainMs: 10_000 }, requestMs: 15_000 })
  world.load = 16
  world.start()
  await world.pass(10_000)
  expect(world.status.ready).toBe(2)
  world.load = 4
  await world.pass(8_000)
  expect(world.status.servers.map(({ state }) => state).sort()).toEqual(['draining', 'serving'])
  await world.pass(10_000)
  expect(world.status.servers).toHaveLength(1)
  const [dropped] = world.balancer.dropped
  expect(dropped!.at - dropped!.drainingSince!).toBeGreaterThanOrEqual(9_500)
  expect(dropped!.inFlight).toBeGreaterThan(0)
})

test('takes a draining server back before it launches another', async () => {
  const world = new World({ fleet: { min: 1, drainMs: null }, requestMs: 60_000 })
  world.load = 16
  world.start()
  await world.pass(10_000)
  world.load = 4
  await world.pass(5_000)
  expect(world.status).toMatchObject({ desired: 1, ready: 1, actual: 2 })
  world.load = 16
  await world.pass(5_000)
  expect(world.status).toMatchObject({ desired: 2, ready: 2 })
  expect(world.fleet.everLaunched).toHaveLength(2)
})

test('launches ever more slowly what never becomes healthy, and says so', async () => {
  const world = new World({ fleet: { min: 1, startupMs: 5_000 }, nature: { exitsAfterMs: 700 } })
  world.start()
  await world.pass(2 * MINUTE)
  const tries = world.fleet.everLaunched.length
  expect(tries).toBeGreaterThan(4)
  expect(tries).toBeLessThan(9)
  expect(await world.events('server')).toContainEqual(
    expect.stringMatching(/^3 servers in a row never became healthy: exit code 1; the next launch waits 4s/),
  )
  const [decision] = await world.store.decisions({ fleet: 'api', limit: 1 })
  expect(decision!.decision.because.at(-1)).toMatchObject({ by: 'guard:backoff' })
  world.fleet.nature.exitsAfterMs = null
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ ready: 1, actual: 1 })
  expect(world.loops!.fleet.status().servers).toHaveLength(1)
})

test('a launch that is refused is told once, and what is wanted is shown while the next one waits', async () => {
  const world = new World({ fleet: { min: 2 } })
  const refused = 6
  for (let nth = 0; nth < refused; nth++) world.fleet.mishaps.push({ kind: 'refuse' })
  world.start()
  await world.pass(20_000)
  expect(world.status).toMatchObject({ min: 2, desired: 2, actual: 0, backoff: { failures: 5 } })
  const shown = [...(await world.events('server')), ...(await world.events('fault'))]
  expect(shown.filter((text) => text.includes('no room'))).toHaveLength(5)
  expect(shown).toContainEqual('2 launches in a row came to nothing; the next launch waits 2s')
  expect(shown).toContainEqual('the launch failed; the next launch waits 1s')
  expect(untranslated(shown.filter((text) => !text.includes('no room')))).toEqual([])
})

test('gives up on a server that runs but does not serve in its start-up time', async () => {
  const world = new World({ fleet: { min: 1, startupMs: 5_000 }, nature: { warmUpMs: null } })
  world.start()
  await world.pass(4_000)
  expect(world.status.servers).toMatchObject([{ id: 'api-1', state: 'checking' }])
  world.fleet.nature.warmUpMs = 100
  await world.pass(10_000)
  expect(world.status.servers).toMatchObject([{ id: 'api-2', state: 'serving' }])
  expect(await world.events('server')).toContainEqual(
    expect.stringMatching(/api-1 failed: it did not serve within 5s/),
  )
})

test('replaces a server that ends by itself, and no other', async () => {
  const world = new World({ fleet: { min: 2 } })
  world.start()
  await world.pass(10_000)
  world.fleet.crash('api-1')
  await world.pass(10_000)
  expect(world.status.servers.map(({ id, state }) => [id, state])).toEqual([
    ['api-2', 'serving'],
    ['api-3', 'serving'],
  ])
  const members = await world.balancer.members('api')
  expect(members.map(({ id }) => id)).toEqual(['api-2', 'api-3'])
})

test('holds still while it cannot see, and goes on afterwards', async () => {
  const world = new World({ fleet: { min: 2 } })
  world.start()
  await world.pass(10_000)
  world.fleet.listFault = new Fault('fleet.list-failed', 'no list', { source: 'vendor', retry: 'yes' })
  world.load = 80
  await world.pass(10_000)
  expect(world.status).toMatchObject({ blind: 'servers: no list', ready: 2 })
  expect(world.fleet.everLaunched).toHaveLength(2)
  world.fleet.listFault = null
  await world.pass(10_000)
  expect(world.status).toMatchObject({ blind: null, ready: 10 })
  expect(await world.events('fault')).toEqual(
    expect.arrayContaining(['api cannot see and holds still: servers: no list', 'api sees everything again']),
  )
})

test('makes a balancer whole again that has forgotten everything, and fails no server for it', async () => {
  const world = new World({ fleet: { min: 2, startupMs: 5_000 } })
  world.start()
  await world.pass(MINUTE)
  world.balancer.forget()
  await world.pass(10_000)
  const members = await world.balancer.members('api')
  expect(members.map(({ id, state }) => [id, state])).toEqual([
    ['api-1', 'healthy'],
    ['api-2', 'healthy'],
  ])
  expect(world.fleet.everLaunched).toHaveLength(2)
})

test('shrinks nothing for a minute after the clock has jumped', async () => {
  const world = new World({ fleet: { min: 1 } })
  world.load = 16
  world.start()
  await world.pass(10_000)
  world.clock.jump(10 * MINUTE)
  world.load = 4
  await world.pass(50_000)
  expect(world.status).toMatchObject({ ready: 2 })
  await world.pass(30_000)
  expect(world.status).toMatchObject({ ready: 1 })
})

test('looks at the servers anew after the clock has been set back', async () => {
  const world = new World({ fleet: { min: 2 } })
  world.start()
  await world.pass(10_000)
  world.clock.jump(-10 * MINUTE)
  world.fleet.crash('api-1')
  await world.pass(10_000)
  expect(world.status).toMatchObject({ ready: 2 })
  expect(world.fleet.everLaunched).toHaveLength(3)
})

test('a launch of which only a part worked is followed by one for the rest', async () => {
  const world = new World({ fleet: { min: 3 } })
  world.fleet.mishaps.push({ kind: 'partial', count: 1 }, { kind: 'refuse' })
  world.start()
  await world.pass(20_000)
  expect(world.status).toMatchObject({ ready: 3 })
  expect(world.fleet.everLaunched).toHaveLength(3)
  expect(await world.events('fault')).toContainEqual('launch 2 servers: no room (fleet.launch-failed)')
})
