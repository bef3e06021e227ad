import { expect, test } from 'vitest'
import { explanation } from '../../src/cli/explain.ts'
import { createOrders } from '../../src/controller/orders.ts'
import { Fault } from '../../src/core/fault.ts'
import type { FleetSpec } from '../../src/core/policy.ts'
import type { TuningProposal, TuningStudy } from '../../src/core/tuning.ts'
import { TUNING_AIMS, type TuningSpec } from '../../src/core/tuning-spec.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { untranslated } from '../kit/chinese.ts'
import { aTarget } from '../kit/scaling.ts'
import { NO_SHADOW, World } from '../kit/world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const KEY = 'policies.target-rps-per-server.value'
/** Looks seldom: these stories are of hours. */
const TICK_MS = 30_000
/** Ten minutes before a study begins. */
const BEGIN = Date.parse('2027-01-15T02:50Z')

const TUNING: TuningSpec = {
  schedule: { cron: '0 * * * *', end: { afterMs: HOUR / 2 }, timezone: 'UTC' },
  apply: 'allowed',
  probationMs: 2 * HOUR,
  aims: { ...TUNING_AIMS, days: 2 },
}

/** A fleet of servers that carry 80 requests a second and are used to 30. */
function aWorld(
  over: Partial<FleetSpec> = {},
  study?: (value: number) => TuningStudy,
  broken: { is: boolean | 'silent' } = { is: false },
): World {
  return new World({
    fleet: {
      min: 2,
      max: 30,
      capacityRps: 80,
      usualStartupMs: 60_000,
      policies: [aTarget('rps-per-server', 30)],
      guards: { freshMs: 60_000 },
      tuning: TUNING,
      ...over,
    },
    nature: { bootMs: 60_000 },
    tickMs: TICK_MS,
    clock: new VirtualClock(BEGIN),
    wrap: ({ history, tuner, ...ports }) => ({
      ...ports,
      history: {
        append: (series) => history.append(series),
        read: async (query) => {
          if (broken.is === 'silent') return await new Promise<never>(() => {})
          if (broken.is) throw new Fault('internal', 'its disk is gone', { source: 'internal', retry: 'yes' })
          return await history.read(query)
        },
      },
      tuner: study === undefined ? tuner : { study: async ({ fleet }) => study(valueIn(fleet)) },
    }),
  })
}

function valueIn({ policies }: Pick<FleetSpec, 'policies'>): number {
  const [policy] = policies
  return policy !== undefined && 'value' in policy ? policy.value : Number.NaN
}

const rpsAt = (at: number) => 300 + 200 * Math.sin((2 * Math.PI * (at % DAY)) / DAY)

/** As if it had run for two days already. */
async function withPast(world: World): Promise<void> {
  const times = Array.from({ length: 576 }, (_, step) => world.clock.now() - 2 * DAY + step * 300_000)
  const take = (metric: string, value: (at: number) => number) =>
    world.history.import(
      { fleet: 'api', metric },
      times.map((at) => ({ at, value: value(at) })),
    )
  await take('rps', rpsAt)
  await take('have', (at) => Math.ceil(rpsAt(at) / 30))
}

/** Waves of a day, looked at every five minutes. */
async function hours(world: World, count: number): Promise<void> {
  for (let left = count * HOUR; left > 0; left -= 300_000) {
    world.arrivals = rpsAt(world.clock.now())
    await world.clock.advance(300_000)
  }
}

function ordersOf(world: World) {
  return createOrders({
    fleets: () => [world.loops!.fleet],
    balancers: () => [world.loops!.balancer],
    store: world.store,
    clock: world.clock,
    ...NO_SHADOW,
    reload: async () => [],
    purge: async () => ({ forgotten: 0 }),
  })
}

const tuned = (world: World) => world.status.tuning!.tuned.map(({ value }) => value)
const told = async (world: World) =>
  (await world.events('decision')).filter((text) => !/ -> \d+: /.test(text))

test('a target that leaves servers idle is raised step by step, each on probation, and a restart keeps it', async () => {
  const world = aWorld()
  await withPast(world)
  world.start()
  await hours(world, 1)
  expect(tuned(world)).toEqual([31.5])
  expect(world.loops!.fleet.last!.view.fleet.policies).toMatchObject([{ value: 31.5 }])
  world.kill()
  world.start()
  await hours(world, 1.5)
  expect(tuned(world)).toEqual([33.08])
  const events = await told(world)
  expect(events.join('\n')).toMatch(/proposal: target-rps-per-server 30\/s -> 33\/s would save/)
  expect(events.join('\n')).toMatch(/applied for a probation of 2h: target-rps-per-server 30\/s -> 31.5\/s/)
  expect(events.join('\n')).toMatch(/30\/s -> 31.5\/s has stood its probation: [\d.]+ % fewer server-hours/)
  expect(untranslated([...events, ...explanation(world.status, undefined)])).toEqual([])
  expect(explanation(world.status, undefined).join('\n')).toMatch(/value is 33.08\/s in place of 30\/s/)
  expect(world.ends).toEqual([])
})

/** What a study would say that is wrong: lower the target by a fifth. */
function wrong(value: number): TuningStudy {
  const figures = { late: 0, worstDay: 0, spread: [0, 0], serverHours: 200, changes: 10 } as const
  const proposal: TuningProposal = {
    kind: 'saving',
    changes: [{ key: KEY, from: value, to: 0.8 * value }],
    next: [{ key: KEY, from: value, to: 0.8 * value }],
    saving: 0.1,
    nextSaving: 0.1,
    spread: [0.1, 0.1],
    monthly: null,
    before: figures,
    after: figures,
    days: 1,
    goodDays: 1,
  }
  return { days: 2, warmDays: 0, now: null, trials: [], proposal, says: 'less is better' }
}

test('a step that turns out worse is taken back, also after a restart, and waits before it is tried again', async () => {
  const world = aWorld({}, wrong)
  await withPast(world)
  world.start()
  await hours(world, 1)
  expect(tuned(world)).toEqual([24])
  world.kill()
  world.start()
  await hours(world, 1.5)
  expect(tuned(world)).toEqual([])
  expect(world.loops!.fleet.last!.view.fleet.policies).toMatchObject([{ value: 30 }])
  expect(world.status.tuning!.refused).toMatchObject([{ direction: `${KEY} down`, times: 1 }])
  const events = (await told(world)).join('\n')
  expect(events).toMatch(/is taken back: [\d.]+ % more server-hours for each request, where 10 % fewer were/)
  expect(events).toMatch(/it was taken back before, and is not tried again for/)
  expect(untranslated((await told(world)).filter((text) => !/less is better/.test(text)))).toEqual([])
})

test('nothing is applied that is not allowed, until an operator says so; he may take it back', async () => {
  const world = aWorld({ tuning: { ...TUNING, apply: 'never' } }, wrong)
  world.start()
  const orders = ordersOf(world)
  await expect(orders.tuning('api', 'apply', 'ann')).rejects.toMatchObject({
    message: expect.stringContaining('nothing is proposed'),
    code: 'order.refused',
  })
  await hours(world, 0.5)
  expect(tuned(world)).toEqual([])
  await orders.tuning('api', 'apply', 'ann')
  await world.clock.advance(2 * TICK_MS)
  expect(tuned(world)).toEqual([24])
  await expect(orders.tuning('api', 'apply', 'ann')).rejects.toThrow(
    'on probation for 2h more; `tidegate tuning api revert` ends it',
  )
  expect(explanation(world.status, undefined).join('\n')).toContain(
    'the first step of the last study was applied: less is better',
  )
  await orders.tuning('api', 'revert', 'ann')
  await world.clock.advance(2 * TICK_MS)
  expect(tuned(world)).toEqual([])
  await expect(orders.tuning('api', 'revert', 'ann')).rejects.toThrow('nothing is tuned that could')
  await orders.tuning('api', 'hold', 'ann')
  await world.clock.advance(2 * TICK_MS)
  expect(world.status.tuning!.held).toBe(true)
  await orders.tuning('api', 'resume', 'ann')
  await world.clock.advance(2 * TICK_MS)
  expect(world.status.tuning!).toMatchObject({ held: false, refused: [] })
  const all = [...(await told(world)), ...(await world.events('order'))]
  expect(untranslated(all.filter((text) => !/less is better/.test(text)))).toEqual([])
})

test('orders of one moment are done one after the other', async () => {
  const world = aWorld({}, wrong)
  world.start()
  await hours(world, 0.5)
  expect(tuned(world)).toEqual([24])
  const orders = ordersOf(world)
  await orders.tuning('api', 'revert', 'ann')
  await orders.tuning('api', 'hold', 'ann')
  await orders.tuning('api', 'hold', 'ann')
  expect(await world.store.orders('fleet:api', world.clock.now())).toHaveLength(2)
  await world.clock.advance(2 * TICK_MS)
  expect(world.status.tuning).toMatchObject({ tuned: [], held: true })
})

test('a step of which nothing can be measured is taken back after a day', async () => {
  const broken: { is: boolean | 'silent' } = { is: false }
  const world = aWorld({}, wrong, broken)
  world.start()
  await hours(world, 0.5)
  expect(tuned(world)).toEqual([24])
  broken.is = true
  await hours(world, 25)
  expect(tuned(world)).toEqual([24])
  await hours(world, 2)
  expect(tuned(world)).toEqual([])
  expect((await told(world)).join('\n')).toMatch(/is taken back: too little was measured/)
  expect(world.ends).toEqual([])
})

test('a history that never answers is told of, and asked again: the probation ends when it does', async () => {
  const broken: { is: boolean | 'silent' } = { is: false }
  const world = aWorld({}, wrong, broken)
  await withPast(world)
  world.start()
  await hours(world, 0.5)
  broken.is = 'silent'
  await hours(world, 2)
  expect(world.status.tuning!.probation).not.toBeNull()
  const trouble = 'its last step could not be judged: no answer within 1m; it is tried again after 10m'
  expect(explanation(world.status, undefined).map((line) => line.trim())).toContain(trouble)
  expect(
    untranslated([
      trouble,
      trouble.replace('last step could not be judged', 'settings could not be studied'),
    ]),
  ).toEqual([])
  broken.is = false
  await hours(world, 0.25)
  expect(world.status.tuning).toMatchObject({ tuned: [], probation: null, trouble: null })
})

test('what could not be judged is told no more when it is taken back by order', async () => {
  const broken: { is: boolean | 'silent' } = { is: false }
  const world = aWorld({}, wrong, broken)
  world.start()
  await hours(world, 0.5)
  broken.is = true
  await hours(world, 2)
  expect(world.status.tuning!.trouble).toMatch(/^its last step could not be judged/)
  await ordersOf(world).tuning('api', 'revert', 'ann')
  await world.clock.advance(3 * TICK_MS)
  expect(world.status.tuning).toMatchObject({ tuned: [], probation: null, trouble: null })
})

test('says when it is studied next also where windows of it overlap', () => {
  const world = aWorld({
    tuning: { ...TUNING, schedule: { ...TUNING.schedule, end: { afterMs: 6 * HOUR } } },
  })
  world.start()
  expect(world.status.tuning!.nextAt).toBe(Date.parse('2027-01-15T03:00Z'))
})

test('a defect in a study ends the controller, which is restarted, and is not tried again for ever', async () => {
  const world = aWorld({}, () => {
    throw new Error('a defect')
  })
  world.start()
  await hours(world, 0.5)
  expect(world.ends).toEqual([new Error('a defect')])
})

test('another value in the file ends what was tuned of it', async () => {
  const world = aWorld({}, wrong)
  world.start()
  await hours(world, 0.5)
  expect(tuned(world)).toEqual([24])
  await hours(world, 0.25)
  world.spec = { ...world.spec, policies: [aTarget('rps-per-server', 40)] }
  world.loops!.fleet.replace(world.settings())
  await world.clock.advance(2 * TICK_MS)
  expect(world.status.tuning).toMatchObject({ tuned: [], probation: null })
  expect(world.loops!.fleet.last!.view.fleet.policies).toMatchObject([{ value: 40 }])
  expect(await told(world)).toContainEqual(expect.stringMatching(/the file has another value of policies/))
})
