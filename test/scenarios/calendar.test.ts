import { expect, test } from 'vitest'
import type { PolicySpec, SchedulePolicySpec } from '../../src/core/policy.ts'
import { aCalendar, anEvent, aTarget, NOON } from '../kit/scaling.ts'
import { World, type WorldOptions } from '../kit/world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const BUSY = aTarget('in-flight-per-server', 8, 'busy')

function berlin(
  name: string,
  cron: string,
  until: string,
  bounds: { min?: number; max?: number },
): SchedulePolicySpec {
  const schedule = { cron, end: { until }, timezone: 'Europe/Berlin' }
  return { type: 'schedule', name, schedule, min: bounds.min ?? null, max: bounds.max ?? null }
}

/** A controller that starts at this time. */
function worldAt(at: string, policies: readonly PolicySpec[], options: WorldOptions = {}): World {
  const world = new World({ ...options, fleet: { min: 1, max: 20, policies, ...options.fleet } })
  world.clock.jump(Date.parse(at) - NOON)
  return world
}

/** Lets time pass until then. */
async function reach(world: World, at: string, everySecond: () => void = () => {}): Promise<void> {
  await world.pass(Date.parse(at) - world.clock.now(), everySecond)
}

test.each([
  ['as long as the clock shows', '2027-03-26T20:50Z', '2027-03-26T21:00Z', '2027-03-27T07:00Z'],
  ['an hour shorter when clocks go forward', '2027-03-27T20:50Z', '2027-03-27T21:00Z', '2027-03-28T06:00Z'],
  ['an hour longer when clocks go back', '2027-10-30T19:50Z', '2027-10-30T20:00Z', '2027-10-31T07:00Z'],
])('a night from 22:00 to 8:00 in Berlin is %s', async (_, start, open, end) => {
  const night = berlin('night', '0 22 * * *', '0 8 * * *', { max: 3 })
  const world = worldAt(start, [BUSY, night], { tickMs: 20_000 })
  world.load = 48
  world.start()
  const ready = new Set<number>()
  const before = (at: string) => new Date(Date.parse(at) - 30_000).toISOString()
  await reach(world, before(open))
  expect(world.status).toMatchObject({ desired: 6, ready: 6 })
  await reach(world, new Date(Date.parse(open) + MINUTE).toISOString())
  expect(world.status).toMatchObject({ desired: 3, ready: 3 })
  expect(world.status.windows[0]).toMatchObject({ startAt: Date.parse(open), endAt: Date.parse(end), max: 3 })
  await reach(world, before(end), () => void ready.add(world.status.ready))
  expect([...ready]).toEqual([3])
  await reach(world, new Date(Date.parse(end) + MINUTE).toISOString())
  expect(world.status).toMatchObject({ desired: 6, ready: 6 })
  expect(await world.events('decision')).toEqual([
    expect.stringMatching(/^api 0 -> 1: /),
    expect.stringMatching(/^api 1 -> 6: /),
    expect.stringMatching(/^api 6 -> 3: at most 3 \(max of schedule night\)/),
    expect.stringMatching(/^api 3 -> 6: /),
  ])
})

test('of schedules that overlap the highest min and the lowest max count, and min beats max', async () => {
  const policies = [
    BUSY,
    berlin('day', '0 8 * * *', '0 12 * * *', { min: 4, max: 10 }),
    berlin('morning', '0 9 * * *', '0 11 * * *', { min: 6 }),
    berlin('saving', '0 10 * * *', '0 13 * * *', { max: 5 }),
  ]
  const world = worldAt('2027-01-15T06:50Z', policies, { tickMs: 20_000 })
  world.load = 8
  world.start()
  const seen: number[] = []
  for (const hour of ['07', '08', '09', '10', '11', '12']) {
    await reach(world, `2027-01-15T${hour}:05Z`)
    seen.push(world.status.ready)
    world.load = hour === '07' || hour === '08' ? 8 : 80
  }
  // Berlin 8:05 at least 4; 9:05 at least 6; 10:05 at most 5, but still at least 6; 11:05 and 12:05 at most 5; 13:05 as many as wanted.
  expect(seen).toEqual([4, 6, 6, 5, 5, 10])
  const [last] = await world.store.decisions({ fleet: 'api', limit: 1 })
  expect(last!.decision.want).toBe(10)
})

test('servers stand ready when an event begins, and it is not multiplied by its own load or by a restart', async () => {
  const sale = aCalendar([anEvent('sale', '10m', '40m', { multiplier: 3 })], 2 * MINUTE)
  const world = new World({
    fleet: { min: 1, max: 100, policies: [BUSY, sale], guards: { inPatienceMs: MINUTE } },
    nature: { bootMs: 30_000, warmUpMs: 10_000 },
  })
  world.load = 32
  world.start()
  await world.pass(7.9 * MINUTE)
  expect(world.status).toMatchObject({ desired: 4, ready: 4 })
  await world.pass(2.1 * MINUTE)
  expect(world.status).toMatchObject({ desired: 12, ready: 12 })
  expect(await world.events('decision')).toContainEqual(
    expect.stringMatching(/^api 4 -> 12: event sale expects 3 times the load that 4 servers had before it/),
  )
  world.load = 96
  const wants = new Set<number>()
  await world.pass(5 * MINUTE, () => void wants.add(world.status.desired))
  world.kill()
  world.start()
  await world.pass(5 * MINUTE)
  await world.pass(10 * MINUTE, () => void wants.add(world.status.desired))
  expect([...wants]).toEqual([12])
  world.load = 8
  await world.pass(9 * MINUTE)
  expect(world.status.ready).toBe(12)
  await world.pass(3 * MINUTE)
  expect(world.status).toMatchObject({ desired: 1, ready: 1 })
  expect(world.fleet.everLaunched).toHaveLength(12)
})

test('a fleet of schedules alone follows them up and down', async () => {
  const office = berlin('office', '0 9 * * mon-fri', '0 10 * * mon-fri', { min: 5 })
  const world = worldAt('2027-01-15T07:55Z', [office], { fleet: { guards: { inPatienceMs: 5 * MINUTE } } })
  world.start()
  await reach(world, '2027-01-15T07:59:50Z')
  expect(world.status).toMatchObject({ desired: 1, ready: 1 })
  await reach(world, '2027-01-15T08:01Z')
  expect(world.status).toMatchObject({ desired: 5, ready: 5 })
  world.clock.jump(HOUR - 2 * MINUTE)
  await world.pass(2 * MINUTE)
  expect(world.status).toMatchObject({ desired: 5, ready: 5 })
  await world.pass(6 * MINUTE)
  expect(world.status).toMatchObject({ desired: 1, ready: 1 })
})
