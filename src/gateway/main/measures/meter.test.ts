import { expect, test } from 'vitest'
import { UNKNOWN } from '../../../balancing/health.ts'
import type { PoolSpec } from '../../../core/balancer.ts'
import { latencyQuantile } from '../../../core/latency.ts'
import { createLanes, LaneReader, MEMBER, openLane, POOL } from '../../lanes.ts'
import { configured, EMPTY } from '../members/roster.ts'
import { newVitals } from '../members/vitals.ts'
import { Meter } from './meter.ts'
import { Timeline } from './timeline.ts'

const STEP_MS = 100

/** A meter over one member of one pool, its worker's lane, and a way to let time pass. */
function aMeter() {
  const buffers = createLanes(1)
  const reader = new LaneReader(buffers)
  const lane = openLane(buffers, 0)
  const vitals = newVitals(
    { serverSlot: 1, memberSlot: 2 },
    { health: UNKNOWN, rows: { connectFailures: 0, errors: 0 }, now: 0 },
  )
  const pool = { name: 'api', servers: [{ id: 'a', address: 'a:1', weight: 1 }] } as unknown as PoolSpec
  const spec = { name: 'g', listeners: [], pools: [pool], panicRatio: 0, accessLog: null, bandwidthBps: null }
  const roster = configured(EMPTY, spec, () => vitals)
  const meter = new Meter(reader, 0)
  let now = 0
  const pass = (ms: number, each = () => {}) => {
    for (const end = now + ms; now < end; ) {
      each()
      now += STEP_MS
      meter.sample(roster, () => 3, now)
    }
  }
  return { meter, lane, vitals, pass }
}

test('means are weighted by time, over the window only', () => {
  const { meter, lane, vitals, pass } = aMeter()
  pass(10_000)
  lane.addMemberInFlight(2, 8)
  lane.addServer(1, 8, 10)
  pass(1000)
  lane.addMemberInFlight(2, -8)
  pass(1000)
  const window = meter.window(2000)
  expect(window.ms).toBe(2000)
  expect(window.mean(vitals).inFlight).toBeCloseTo(4)
  expect(window.mean(vitals).connections).toBeCloseTo(10)
  expect(meter.window(1000).mean(vitals).inFlight).toBe(0)
})

test('rates are those of the window', () => {
  const { meter, lane, vitals, pass } = aMeter()
  pass(5000)
  pass(5000, () => {
    lane.addMember(2, MEMBER.requests, 3)
    lane.addPool(3, POOL.requests, 4)
  })
  expect(meter.window(5000).mean(vitals).rps).toBeCloseTo(30)
  expect(meter.window(5000).pool(3).rps).toBeCloseTo(40)
  expect(meter.window(10_000).pool(3).rps).toBeCloseTo(20, 0)
})

test('says how much of the window it covers', () => {
  const { meter, pass } = aMeter()
  expect(meter.window(5000).ms).toBe(0)
  pass(2000)
  expect(meter.window(5000).ms).toBe(2000)
  pass(200_000)
  expect(meter.window(60_000).ms).toBe(60_000)
})

test('latencies are those of the last half minute', () => {
  const { meter, lane, vitals, pass } = aMeter()
  expect(meter.latency(vitals)).toEqual([null, null, null])
  pass(1000)
  lane.countAnswer(2, 200, 1000)
  pass(40_000)
  expect(meter.latency(vitals)).toEqual([null, null, null])
  for (let i = 0; i < 99; i++) lane.countAnswer(2, 200, 3)
  lane.countAnswer(2, 200, 100)
  const [p50, p95, p99] = meter.latency(vitals)
  expect([p50! > 2 && p50! < 4, p95! < 4, p99! <= 4]).toEqual([true, true, true])
})

test('a pool counts what its members answered within the window, and what the gateway sent', () => {
  const { meter, lane, pass } = aMeter()
  pass(5000)
  for (let i = 0; i < 50; i++) lane.countAnswer(2, 200, 5)
  lane.countEnd(3, true)
  pass(5000)
  for (let i = 0; i < 99; i++) lane.countAnswer(2, 200, 20)
  lane.countAnswer(2, 200, 300)
  lane.countEnd(3, false)
  lane.countEnd(3, true)
  lane.addPool(3, POOL.sentToClients, 1000)
  const { latency, ended, errors, sentToClients } = meter.window(1000).pool(3)
  expect(latency.reduce((sum, count) => sum + count, 0)).toBe(100)
  expect(latencyQuantile(latency, 0.5)).toBeCloseTo(18, 0)
  expect(latencyQuantile(latency, 1)).toBe(320)
  expect({ ended, errors, sentToClients }).toEqual({ ended: 2, errors: 1, sentToClients: 1000 })
  pass(2000)
  expect(meter.window(1000).pool(3)).toMatchObject({ ended: 0, errors: 0, sentToClients: 0 })
  expect(latencyQuantile(meter.window(1000).pool(3).latency, 0.5)).toBeNull()
  expect(meter.window(9000).pool(3)).toMatchObject({ ended: 3, errors: 2 })
})

test('a timeline finds the newest instant that is old enough, else the oldest that it has', () => {
  const timeline = new Timeline(3)
  expect(timeline.before(100)).toBeNull()
  for (const at of [10, 20, 30, 40]) timeline.push(at)
  expect(timeline.before(100)).toEqual({ place: 0, at: 40 })
  expect(timeline.before(35)).toEqual({ place: 2, at: 30 })
  expect(timeline.before(5)).toEqual({ place: 1, at: 20 })
})
