import { afterEach, expect, test } from 'vitest'
import { SERVED } from '../../../balancing/health.ts'
import type { PoolSpec } from '../../../core/balancer.ts'
import { OUTLIER, type OutlierSpec } from '../../../core/outlier.ts'
import type { WeightSpec } from '../../../core/weights.ts'
import { createLanes, LaneReader, openLane } from '../../lanes.ts'
import { Weights } from '../../weights.ts'
import { configured, EMPTY, withMembers } from '../members/roster.ts'
import { newVitals, type Vitals } from '../members/vitals.ts'
import { Watchman } from './watchman.ts'

const WORKERS = 2
const quiet = { info() {}, warn() {}, error() {} }
const open: Watchman[] = []

afterEach(() => {
  for (const watchman of open.splice(0)) watchman.close()
})

/** A pool of members that serve; their slots are 0, 1, 2 ... No probe runs: the test ends before its first timer. */
function aPoolOf(size: number, outlier: OutlierSpec = OUTLIER, policy: WeightSpec | null = null) {
  const buffers = createLanes(WORKERS)
  const weights = new Weights(buffers)
  const lanes = [openLane(buffers, 0), openLane(buffers, 1)]
  let now = 1_000_000
  const watchman = new Watchman({
    reader: new LaneReader(buffers),
    weights,
    lanes: WORKERS,
    now: () => now,
    rng: () => 0.5,
    log: quiet,
    onServingChange() {},
  })
  open.push(watchman)
  const vitals: Vitals[] = []
  const enrol = () => {
    const slot = vitals.length
    const about = { health: SERVED, rows: watchman.rows(slot), now }
    vitals.push(newVitals({ serverSlot: slot, memberSlot: slot }, about))
    return vitals[slot]!
  }
  const servers = Array.from({ length: size }, (_, i) => ({
    id: `s${i}`,
    address: `127.0.0.1:${i + 1}`,
    weight: 1,
  }))
  const pool = {
    name: 'api',
    servers,
    slowStartMs: 1000,
    outlier,
    ...(policy && { weights: policy }),
    health: { intervalMs: 30_000 },
  } as unknown as PoolSpec
  const spec = {
    name: 'g',
    listeners: [],
    pools: [pool],
    panicRatio: 0.5,
    accessLog: null,
    bandwidthBps: null,
  }
  const roster = configured(EMPTY, spec, enrol)
  watchman.follow(roster)
  return {
    watchman,
    roster,
    lanes,
    vitals,
    weights: () => vitals.map(({ memberSlot }) => weights.get(memberSlot)),
    fit: () => vitals.map(({ memberSlot }) => weights.isFit(memberSlot)),
    generation: () => weights.generation,
    at: (ms: number) => {
      now = 1_000_000 + ms
      watchman.tick()
    },
  }
}

test('connect failures of all workers together eject a member for ten seconds', () => {
  const { lanes, weights, at } = aPoolOf(2)
  lanes[0]!.setFailuresInRow(1, 1)
  lanes[1]!.setFailuresInRow(1, 1)
  at(100)
  expect(weights()).toEqual([1000, 1000])
  lanes[1]!.setFailuresInRow(1, 2)
  at(200)
  expect(weights()).toEqual([1000, 0])
  at(10_100)
  expect(weights()).toEqual([1000, 0])
  at(10_600)
  expect(weights()).toEqual([1000, 0])
  at(10_800)
  expect(weights()).toEqual([1000, 1000])
})

test('the last member is never ejected', () => {
  const { lanes, weights, vitals, at } = aPoolOf(2)
  for (const slot of [0, 1]) lanes[0]!.setFailuresInRow(slot, 9)
  at(100)
  expect(weights()).toEqual([0, 1000])
  expect(vitals.map(({ state }) => state)).toEqual(['ejected', 'healthy'])
})

test('most members unhealthy is a panic: all that serve are used', () => {
  const { watchman, roster, vitals, weights, fit } = aPoolOf(3)
  for (const one of vitals.slice(1)) one.health = { state: 'unhealthy', confirmed: true, against: 0 }
  watchman.follow(roster)
  expect([...watchman.panic]).toEqual(['api'])
  expect(weights()).toEqual([1000, 1000, 1000])
  expect(fit()).toEqual([true, false, false])
  vitals[1]!.health = SERVED
  watchman.follow(roster)
  expect([...watchman.panic]).toEqual([])
  expect(weights()).toEqual([1000, 1000, 0])
  expect(fit()).toEqual([true, true, false])
})

test('a member that is admitted ramps up, and each step is published', () => {
  const { watchman, roster, vitals, weights, generation, at } = aPoolOf(2)
  vitals[1]!.admittedAt = 1_000_000
  watchman.follow(roster)
  const before = generation()
  at(500)
  expect(weights()).toEqual([1000, 500])
  expect(generation()).toBe(before + 1)
  at(1000)
  expect(weights()).toEqual([1000, 1000])
  at(2000)
  expect(generation()).toBe(before + 2)
})

test('a drained member gets nothing, and one that has left neither', () => {
  const { watchman, roster, weights } = aPoolOf(2)
  const drained = withMembers(roster, 'api', [{ id: 's0', address: '127.0.0.1:1', weight: 0 }], () => {
    throw new Error('it is known')
  })
  watchman.follow(drained)
  expect(weights()).toEqual([0, 1000])
  watchman.follow(EMPTY)
  expect(weights()).toEqual([0, 0])
})

test('bad answers in a row eject where the pool says so, for longer than a passed probe', () => {
  const plain = aPoolOf(2)
  plain.lanes[0]!.setErrorsInRow(1, 9)
  plain.at(100)
  expect(plain.weights()).toEqual([1000, 1000])
  const { lanes, weights, at } = aPoolOf(2, { ...OUTLIER, errors: 5 })
  lanes[0]!.setErrorsInRow(1, 2)
  lanes[1]!.setErrorsInRow(1, 3)
  at(100)
  expect(weights()).toEqual([1000, 0])
})

test('whose share of good answers is far below the others’ is ejected', () => {
  const { lanes, weights, at } = aPoolOf(6, { ...OUTLIER, successRate: true })
  at(100)
  for (let slot = 0; slot < 6; slot++) {
    for (let n = 0; n < 200; n++) lanes[0]!.countAnswer(slot, slot === 3 && n % 2 === 0 ? 500 : 200, 1)
  }
  at(5_000)
  expect(weights()[3]).toBe(1000)
  at(10_200)
  at(10_300)
  expect(weights()).toEqual([1000, 1000, 1000, 0, 1000, 1000])
})

test('weights follow response times where the pool says so, once its members have been the same for a while', () => {
  const answer = (policy: WeightSpec | null) => {
    const { lanes, weights, vitals, at } = aPoolOf(3, OUTLIER, policy)
    const seen: number[][] = []
    for (let second = 1; second <= 40; second++) {
      for (let slot = 0; slot < 3; slot++) {
        for (let n = 0; n < 50; n++) lanes[n % 2]!.countAnswer(slot, 200, slot === 2 ? 150 : 20)
      }
      at(second * 1000)
      if (second === 9 || second === 40) seen.push(weights())
    }
    return { seen, shown: vitals.map(({ weight, weightUnit }) => weight / weightUnit) }
  }
  expect(answer(null).seen).toEqual([
    [1000, 1000, 1000],
    [1000, 1000, 1000],
  ])
  const { seen, shown } = answer({ policy: 'rtt', rttMaxMs: 200 })
  expect(seen[0]).toEqual([833, 833, 833])
  expect(seen[1]!.slice(0, 2)).toEqual([833, 833])
  expect(seen[1]![2]).toBeLessThan(500)
  expect(seen[1]![2]).toBeGreaterThan(400)
  expect(shown[0]).toBeCloseTo(1, 2)
})

test('how many failed connects make an outlier, and for how long, is as the pool says', () => {
  const { lanes, weights, at } = aPoolOf(2, { ...OUTLIER, connectFailures: 5, timeMs: 20_000 })
  lanes[0]!.setFailuresInRow(1, 4)
  at(100)
  expect(weights()).toEqual([1000, 1000])
  lanes[0]!.setFailuresInRow(1, 5)
  at(200)
  expect(weights()).toEqual([1000, 0])
  at(20_000)
  expect(weights()).toEqual([1000, 0])
  at(21_300)
  expect(weights()).toEqual([1000, 1000])
})

test('an outlier that comes back to fail is out for twice as long, at most for as long as the pool says', () => {
  const backAfter = (mostTimeMs: number) => {
    const { lanes, weights, at } = aPoolOf(2, { ...OUTLIER, timeMs: 10_000, mostTimeMs })
    lanes[0]!.setFailuresInRow(1, 3)
    at(0)
    at(10_600)
    expect(weights()).toEqual([1000, 1000])
    lanes[0]!.setFailuresInRow(1, 6)
    for (let ms = 11_000; ; ms += 500) {
      at(ms)
      if (weights()[1] === 1000) return ms - 11_000
    }
  }
  expect(backAfter(10_000)).toBe(10_500)
  expect(backAfter(300_000)).toBe(21_000)
})

test('no more are out at once than the share of the pool, but for one', () => {
  const out = (share: number) => {
    const { lanes, vitals, at } = aPoolOf(4, { ...OUTLIER, share })
    for (const slot of [0, 1, 2]) lanes[0]!.setFailuresInRow(slot, 9)
    at(100)
    return vitals.filter(({ state }) => state === 'ejected').length
  }
  expect([0, 0.25, 0.5, 1].map(out)).toEqual([1, 1, 2, 3])
})

test('each policy weighs a slow member by its own measure, rtt by the longest time of the pool', () => {
  const weightOf = (policy: WeightSpec | null) => {
    const { lanes, weights, at } = aPoolOf(3, OUTLIER, policy)
    for (let second = 1; second <= 60; second++) {
      for (let slot = 0; slot < 3; slot++) {
        for (let n = 0; n < 50; n++) lanes[0]!.countAnswer(slot, 200, slot === 2 ? 60 : 20)
      }
      at(second * 1000)
    }
    const [even, , slow] = weights()
    return Number((slow! / even!).toFixed(2))
  }
  const rtt = (rttMaxMs: number | null) => weightOf({ policy: 'rtt', rttMaxMs })
  const [linear, capacity] = (['linear', 'capacity'] as const).map((policy) =>
    weightOf({ policy, rttMaxMs: null }),
  )
  expect({
    none: weightOf(null),
    rtt: rtt(null),
    patient: rtt(200),
    linear,
    capacity,
  }).toMatchInlineSnapshot(`
    {
      "capacity": 0.6,
      "linear": 0.71,
      "none": 1,
      "patient": 0.9,
      "rtt": 0.6,
    }
  `)
})
