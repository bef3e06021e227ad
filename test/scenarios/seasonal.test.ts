import { expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { aTarget, foretold, NOON } from '../kit/scaling.ts'
import { World } from '../kit/world.ts'

/** A controller on virtual time, and a past that it finds in its history. */
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const SERIES = { fleet: 'api', metric: 'in-flight' }
const POLICIES = [
  aTarget('in-flight-per-server', 8),
  { type: 'seasonal', name: 'past', metric: 'in-flight-per-server', value: 8 } as const,
]

/** Yesterday 8 requests in flight, and 40 from an hour after this time on. */
async function withPast(options: ConstructorParameters<typeof World>[0] = {}): Promise<World> {
  const world = new World({ fleet: { min: 1, max: 10, policies: POLICIES }, tickMs: 5_000, ...options })
  const samples = Array.from({ length: 240 }, (_, minute) => ({
    at: NOON - DAY + (minute - 60) * MINUTE,
    value: minute < 120 ? 8 : 40,
  }))
  await world.history.import(SERIES, samples)
  world.load = 8
  return world
}

test('servers are there before the load of yesterday comes again', async () => {
  const world = await withPast()
  world.start()
  await world.pass(50 * MINUTE)
  expect(world.status.ready).toBe(1)
  await world.pass(10 * MINUTE)
  expect(world.status.ready).toBe(5)
  expect(world.status.decision?.opinions.at(-1)).toMatchObject({ policy: 'past', want: 5 })
  const because = world.status.decision?.because.map(({ says }) => says)
  expect(because?.join('\n')).toContain('1d ago the whole load (in-flight-per-server) came to 40')
})

test('a forecast is made when a step of the load is over, and its fault leaves the days before to decide', async () => {
  let asked = 0
  const policies = [
    aTarget('in-flight-per-server', 8),
    { type: 'forecast', name: 'ahead', metric: 'in-flight-per-server', value: 8 } as const,
  ]
  const world = await withPast({
    fleet: { min: 1, max: 10, policies },
    wrap: (ports) => ({
      ...ports,
      forecaster: {
        async forecast() {
          if (++asked > 2) throw new Fault('internal', 'no forecast', { source: 'internal', retry: 'yes' })
          return foretold({ expected: 30, high: 56 })
        },
      },
    }),
  })
  world.start()
  await world.pass(8 * MINUTE)
  expect([asked, world.status.ready]).toEqual([2, 7])
  expect(world.status.decision?.opinions.at(-1)).toMatchObject({ policy: 'ahead', want: 7 })
  await world.pass(4 * MINUTE)
  const opinion = world.status.decision?.opinions.at(-1)
  expect(opinion?.why).toContain('no forecast; so by the days before: 1d ago')
})

test('a forecast that is no number is none', async () => {
  const policies = [{ type: 'forecast', name: 'ahead', metric: 'in-flight-per-server', value: 8 } as const]
  const world = await withPast({
    fleet: { min: 1, max: 10, policies },
    wrap: (ports) => ({
      ...ports,
      forecaster: { forecast: async () => foretold({ expected: Number.NaN, high: Number.NaN }) },
    }),
  })
  world.start()
  await world.pass(MINUTE)
  const opinion = world.status.decision?.opinions.at(-1)
  expect(opinion?.why).toContain('the forecast is no number; so by the days before: 1d ago')
  expect([world.status.desired, world.ends]).toEqual([1, []])
})

test('a history that cannot be read leaves the other policies to decide', async () => {
  const broken = new Fault('store.failed', 'the disk is gone', { source: 'internal', retry: 'yes' })
  const world = await withPast({
    wrap: (ports) => ({
      ...ports,
      history: { append: () => {}, read: () => Promise.reject(broken) },
    }),
  })
  world.start()
  await world.pass(65 * MINUTE)
  expect(world.status.ready).toBe(1)
  world.load = 24
  await world.pass(5 * MINUTE)
  expect(world.status.ready).toBe(3)
  expect(world.ends).toEqual([])
})

test('what is no fault ends the loop, as any defect does', async () => {
  const world = await withPast({
    wrap: (ports) => ({
      ...ports,
      history: { append: () => {}, read: () => Promise.reject(new Error('a defect')) },
    }),
  })
  world.start()
  await world.pass(MINUTE)
  expect(world.ends).toEqual([new Error('a defect')])
})
