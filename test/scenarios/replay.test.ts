import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import type { MetricName } from '../../src/core/metrics.ts'
import type { FleetSpec } from '../../src/core/policy.ts'
import type { Store } from '../../src/core/store.ts'
import type { TuningProposal } from '../../src/core/tuning.ts'
import { TUNING_AIMS, type TuningSpec } from '../../src/core/tuning-spec.ts'
import { cronCalendar } from '../../src/drivers/cron/calendar.ts'
import { openSqliteStore } from '../../src/drivers/sqlite/open.ts'
import { openRecording } from '../../src/drivers/sqlite/recording.ts'
import { policiesOf } from '../../src/scaling/policies/compile.ts'
import { replay } from '../../src/simulator/replay/replay.ts'
import { replayFleet } from '../../src/simulator/replay/replay-fleet.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { aCalendar, anEvent, aSchedule, aStep, aTarget, NOON } from '../kit/scaling.ts'
import { World } from '../kit/world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let folder: string
let path: string
let clock: VirtualClock
let store: Store & Disposable
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidegate-replay-'))
  path = join(folder, 'store.db')
  clock = new VirtualClock(NOON)
  store = openSqliteStore(path, clock)
})
afterEach(() => {
  store[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

type Fleet = NonNullable<ConstructorParameters<typeof World>[0]>['fleet']

/** A world whose journal is the file. */
function aWorld(fleet: Fleet): World {
  return new World({ fleet: { min: 1, max: 20, ...fleet }, clock, wrap: (ports) => ({ ...ports, store }) })
}

const order = (body: Parameters<Store['order']>[0], untilAt: number | null = null) =>
  store.order(body, { scope: 'fleet:api', at: clock.now(), untilAt, by: 'ann' })

function decidingOf(fleet: FleetSpec) {
  return { fleet, policies: policiesOf(fleet) }
}

/** The ticks from so long after NOON on, by another fleet. */
async function replayed(world: World, fleet: FleetSpec, fromMs = 0) {
  using recording = openRecording(path)
  const range = { fromAt: NOON + fromMs, toAt: clock.now() }
  const history = (metrics: readonly MetricName[]) =>
    Promise.all(metrics.map((metric) => world.history.read({ fleet: 'api', metric, ...range, stepMs: 1000 })))
  const about = { recording, calendar: cronCalendar(), ...range, gapMs: MINUTE, history }
  return (await replayFleet(decidingOf(fleet), about))!
}

/** A story in which every guard has a say at some time. */
async function eventful(world: World): Promise<void> {
  world.load = 16
  world.start()
  await world.pass(3 * MINUTE)
  world.load = 60
  await world.pass(2 * MINUTE)
  world.load = 20
  await world.pass(4 * MINUTE)
  await order({ kind: 'pin', desired: 6 }, clock.now() + MINUTE)
  await world.pass(2 * MINUTE)
  await order({ kind: 'pause', direction: 'in' }, clock.now() + MINUTE)
  world.load = 8
  await world.pass(2 * MINUTE)
  world.load = 70
  world.fleet.listFault = new Fault('fleet.list-failed', 'no list', { source: 'vendor', retry: 'yes' })
  await world.pass(20_000)
  world.fleet.listFault = null
  world.fleet.mishaps.push({ kind: 'refuse' }, { kind: 'refuse' })
  await world.pass(2 * MINUTE)
  world.kill()
  await clock.advance(3 * MINUTE)
  world.start()
  world.load = 10
  await world.pass(8 * MINUTE)
  world.kill()
}

/** Replays all by the same configuration, and compares every tick; gives who spoke besides policies. */
async function faithful(world: World): Promise<ReadonlySet<string>> {
  using recording = openRecording(path)
  const written = new Map(
    [...recording.decisions('api', 0, clock.now())].map(({ at, decision }) => [at, decision]),
  )
  const from = recording.checkpoint('api', 0)!
  const record = { recording, from, toAt: clock.now(), calendar: cronCalendar(), besides: () => null }
  const spoke = new Set<string>()
  let ticks = 0
  for (const { tick, recorded, now } of replay(decidingOf(world.spec), record)) {
    ticks++
    expect({ at: tick.at - NOON, want: now.want }).toEqual({ at: tick.at - NOON, want: tick.want })
    const whole = written.get(tick.at)
    if (whole) expect(JSON.parse(JSON.stringify(now))).toEqual(whole)
    expect(recorded?.want).toBe(tick.want)
    for (const { by } of now.because) spoke.add(by)
  }
  expect(ticks).toBeGreaterThan(300)
  return new Set([...spoke].filter((by) => !by.startsWith('policy:') && by !== 'none'))
}

test('decides by the same configuration as then, in every tick and for the same reasons', async () => {
  const sale = anEvent('sale', '22m', '24m', { multiplier: 2 })
  const world = aWorld({
    policies: [
      aTarget('in-flight-per-server', 8),
      aStep('rps > 1000', 20_000, { kind: 'add', servers: 2 }),
      aSchedule('4 8 * * *', '6 8 * * *', { min: 3 }, 'morning'),
      aCalendar([sale]),
    ],
    guards: {
      inPatienceMs: MINUTE,
      inCooldownMs: 30_000,
      inPace: [{ servers: 2, perMs: 30_000 }],
      flapBudget: { reversals: 2, perMs: 10 * MINUTE },
    },
  })
  await eventful(world)
  expect([...(await faithful(world))].sort()).toEqual([
    'guard:backoff',
    'guard:blind',
    'guard:calendar',
    'guard:cooldown',
    'guard:flap-budget',
    'guard:limits',
    'guard:pace',
    'guard:patience',
    'order:pause',
    'order:pin',
  ])
  expect(await replayed(world, world.spec)).toMatchObject({ differing: 0, partial: 0, replaced: [] })
})

test('decides as then also of a clock that jumped, and of servers that did not help', async () => {
  const effect = { afterMs: MINUTE, holdMs: 10 * MINUTE }
  const world = aWorld({ guards: { effect, outCooldownMs: 1.5 * MINUTE } })
  let each = 6
  const waiting = () => {
    world.load = each * Math.max(1, world.status.ready)
  }
  world.arrivals = 100
  world.start()
  await world.pass(2 * MINUTE, waiting)
  each = 12
  await world.pass(5 * MINUTE, waiting)
  world.kill()
  await clock.advance(3 * MINUTE)
  each = 1
  world.start()
  await world.pass(2 * MINUTE, waiting)
  world.kill()
  expect([...(await faithful(world))]).toEqual(expect.arrayContaining(['guard:clock', 'guard:effect']))
})

test('decides as then also of servers that are unhealthy and keep their places', async () => {
  const world = aWorld({ max: 4 })
  world.load = 32
  world.start()
  await world.pass(MINUTE)
  const [ill] = world.status.servers
  world.fleet.ill.add(ill!.address!)
  await world.pass(3 * MINUTE)
  world.fleet.ill.clear()
  await world.pass(2 * MINUTE)
  world.kill()
  expect([...(await faithful(world))]).toContain('guard:places')
})

test('tells what another target would have wanted, when, and what that comes to', async () => {
  const world = aWorld({})
  world.load = 16
  world.start()
  await world.pass(10 * MINUTE)
  world.load = 32
  await world.pass(10 * MINUTE)
  world.kill()
  const policies = [aTarget('in-flight-per-server', 4)]
  const result = await replayed(world, { ...world.spec, policies }, 5 * MINUTE)
  expect(result.ticks).toBe(result.differing)
  expect(result.decisions.map(({ have, recorded, now }) => [have, recorded.want, now.want])).toEqual([
    [2, 2, 4],
    [2, 4, 8],
    [4, 4, 8],
  ])
  expect(result.decisions[1]).toMatchObject({
    recorded: { because: [{ by: 'policy:target-in-flight-per-server', from: 2, to: 4 }] },
    now: { because: [{ by: 'policy:target-in-flight-per-server', from: 2, to: 8 }] },
  })
  expect(result.serverHoursThen).toBeCloseTo((2 * 5 + 4 * 10) / 60, 1)
  expect(result.serverHoursNow).toBeCloseTo((4 * 5 + 8 * 10) / 60, 1)
})

test('takes a metric that nobody looked at then from the history, and says so', async () => {
  const world = aWorld({ guards: { freshMs: MINUTE } })
  world.load = 8
  world.arrivals = 100
  world.start()
  await world.pass(5 * MINUTE)
  world.kill()
  const by = (metric: string) => ({ ...world.spec, policies: [aTarget(metric, 20)] })
  const known = await replayed(world, by('rps-per-server'), MINUTE)
  expect(known.replaced).toEqual([{ metric: 'rps-per-server', stepMs: 1_000 }])
  expect(known.decisions.at(-1)?.now.want).toBe(5)
  const unknown = await replayed(world, by('p95'), MINUTE)
  expect(unknown.replaced).toEqual([{ metric: 'p95', stepMs: null }])
  expect(unknown.differing).toBe(0)
  expect(unknown.decisions[0]?.now.because).toMatchObject([{ says: expect.stringContaining('not measured') }])
})

test('does not count the time in which nobody looked', async () => {
  const world = aWorld({})
  world.load = 8
  world.start()
  await world.pass(5 * MINUTE)
  world.kill()
  await clock.advance(60 * MINUTE)
  world.start()
  await world.pass(5 * MINUTE)
  world.kill()
  const result = await replayed(world, world.spec)
  expect(result.gaps).toMatchObject({ count: 1 })
  expect(Math.round(result.gaps.longestMs / MINUTE)).toBe(60)
  expect(result.serverHoursNow).toBeCloseTo(10 / 60, 1)
})

test('what was tuned then decides then', async () => {
  const key = 'policies.target-in-flight-per-server.value'
  const figures = { late: 0, worstDay: 0, spread: [0, 0], serverHours: 1, changes: 0 } as const
  const changes = [{ key, from: 8, to: 6 }]
  const proposal: TuningProposal = {
    ...{ kind: 'saving', changes, next: changes, saving: 0.1, nextSaving: 0.1, spread: [0.1, 0.1] },
    ...{ monthly: null, before: figures, after: figures, days: 1, goodDays: 1 },
  }
  const study = async () => ({ days: 2, warmDays: 0, now: null, trials: [], proposal, says: 'half' })
  const tuning: TuningSpec = {
    schedule: { cron: '* * * * *', end: { afterMs: HOUR }, timezone: 'UTC' },
    ...{ apply: 'allowed', probationMs: 24 * HOUR, aims: TUNING_AIMS },
  }
  const world = new World({
    fleet: { min: 1, max: 20, tuning },
    clock,
    wrap: (ports) => ({ ...ports, store, tuner: { study } }),
  })
  world.load = 16
  world.start()
  await world.pass(3 * MINUTE)
  expect(world.status.tuning!.tuned).toEqual([{ key, file: 8, value: 6 }])
  expect(world.status.desired).toBe(3)
  expect((await replayed(world, world.spec)).differing).toBe(0)
  const { tuning: _tuning, ...untuned } = world.spec
  expect((await replayed(world, untuned)).differing).toBeGreaterThan(100)
})
