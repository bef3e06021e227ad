import { expect, test } from 'vitest'
import { aTarget } from '../../test/kit/scaling.ts'
import { World } from '../../test/kit/world.ts'
import type { Fleet } from '../core/fleet.ts'

/** Shows its servers only after that long. */
function slow(fleet: Fleet, clock: World['clock']): Fleet {
  return new Proxy(fleet, {
    get(target, key) {
      if (key === 'list')
        return async (signal: AbortSignal) => {
          await clock.sleep(500, signal)
          return await target.list(signal)
        }
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

test('a reload and a plan while a tick looks change nothing of what that tick decides by', async () => {
  const world: World = new World({
    fleet: { policies: [aTarget('connections-per-server', 5)] },
    wrap: (ports) => ({
      ...ports,
      fleet: slow(ports.fleet, ports.clock as World['clock']),
      metrics: () => ({
        read: async (queries) =>
          queries.map(() => ({ ok: true, sample: { value: 5, at: world.clock.now() } }) as const),
      }),
    }),
  })
  world.start()
  await world.pass(20_000)
  await world.clock.advance(200)
  const before = world.loops!.fleet.last!.view.now
  world.spec = { ...world.spec, policies: [aTarget('throughput', 5)] }
  world.loops!.fleet.replace(world.settings())
  const planned = world.loops!.fleet.plan(new AbortController().signal)
  await world.clock.advance(700)
  const { view, decision } = world.loops!.fleet.last!
  expect(view.now).toBeGreaterThan(before)
  expect(Object.keys(view.readings)).toContain('connections-per-server')
  expect(decision.opinions.map(({ policy }) => policy)).toEqual(['target-connections-per-server'])
  expect((await planned).opinions.map(({ policy }) => policy)).toEqual(['target-throughput'])
})

test('a server of which nothing has changed stays the same object from tick to tick', async () => {
  const world = new World({ fleet: { min: 2 } })
  world.start()
  await world.pass(20_000)
  const before = world.loops!.fleet.last!.view
  await world.pass(5_000)
  const { now, servers } = world.loops!.fleet.last!.view
  expect(now).toBeGreaterThan(before.now)
  expect(servers.map(({ state }) => state)).toEqual(['serving', 'serving'])
  expect(servers.map((server) => before.servers.indexOf(server))).toEqual([0, 1])
})
