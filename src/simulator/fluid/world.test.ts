import { expect, test } from 'vitest'
import { waitTail } from '../../scaling/erlang.ts'
import { poisson, rngOf } from '../chance.ts'
import { FluidWorld, type WorldSpec } from './world.ts'

const SPEC: WorldSpec = {
  server: { slots: 8, capacity: 80 },
  startup: { medianMs: 120_000, sigma: 0, failing: 0 },
  longestWaitMs: 5000,
  stepMs: 15_000,
}

function aWorld(serving: number, over: Partial<WorldSpec> = {}): FluidWorld {
  return new FluidWorld({ ...SPEC, ...over }, rngOf(1), { serving, mostSteps: 10_000 })
}

function run(world: FluidWorld, steps: number, rps: number): FluidWorld {
  const rng = rngOf(1)
  for (let step = 0; step < steps; step++) world.step(poisson(rng, rps * 15))
  return world
}

test('below saturation it measures the load and lets wait as Erlang says', () => {
  const world = run(aWorld(10), 1000, 640)
  expect(world.meter.mean('cpu', 15_000_000)).toBeCloseTo(0.8, 2)
  expect(world.meter.mean('rps', 15_000_000)! / 640).toBeCloseTo(1, 2)
  const late = world.waits.longerThan(250) / world.tally.requests
  expect(late / waitTail(SPEC.server, 0.8, 0.25)).toBeCloseTo(1, 0)
  expect(world.tally.dropped).toBe(0)
})

test('above it a backlog grows, is carried over, and is worked off', () => {
  const world = run(aWorld(10), 10, 880)
  // 80 requests/s too many for 150 s are 15 s of work; more than 5 s of it are turned away.
  expect(world.tally.dropped / (12_000 - 4_000)).toBeCloseTo(1, 1)
  expect(world.meter.mean('cpu', 60_000)).toBe(1)
  const dropped = world.tally.dropped
  run(world, 2, 400)
  expect(world.tally.dropped).toBe(dropped)
  expect(world.meter.mean('inFlight', 15_000)! / (10 * 4)).toBeCloseTo(1, 0)
})

test('servers that are launched help after their start-up, and are paid before', () => {
  const world = aWorld(1)
  world.servers.scaleTo(3, world.now)
  run(world, 8, 40)
  expect(world.meter.mean('cpu', 120_000)).toBeCloseTo(0.5, 1)
  run(world, 1, 40)
  expect(world.meter.mean('cpu', 15_000)).toBeCloseTo(1 / 6, 1)
  expect(world.tally.serverMs).toBe(9 * 15_000 * 3)
})

test('without a server every request is turned away', () => {
  const { tally, waits } = run(aWorld(0), 4, 40)
  expect(tally.requests).toBeGreaterThan(0)
  expect(tally.dropped).toBe(tally.requests)
  expect(waits.longerThan(0)).toBe(0)
})

test('a warm-up is forgotten, what it left is not', () => {
  const world = run(aWorld(10), 4, 880)
  world.clear()
  expect(world.tally).toEqual({ requests: 0, dropped: 0, serverMs: 0 })
  world.step(0)
  expect(world.meter.mean('cpu', 15_000)).toBeGreaterThan(0)
})

test('a retired server finishes what it holds and is paid for that, or is cut off', () => {
  const leaving = (drainMs: number) => {
    const world = run(aWorld(10, { drainMs }), 2, 960)
    const before = world.tally
    world.servers.scaleTo(5, world.now)
    world.step(0)
    const paidMs = world.tally.serverMs - before.serverMs - 5 * SPEC.stepMs
    return { paidMs, dropped: world.tally.dropped - before.dropped }
  }
  // Each holds 4.8 s of work, and then the last of 8 answers takes 0.27 s more.
  const patient = leaving(60_000)
  expect(patient.paidMs / 5 / 5_070).toBeCloseTo(1, 1)
  expect(patient.dropped).toBe(0)
  const short = leaving(1_000)
  expect(short.paidMs).toBe(5_000)
  expect(short.dropped).toBeGreaterThan(1_000)
})

test('what the servers of a lost zone hold is lost with them', () => {
  const world = run(aWorld(9, { zoneLoss: { atMs: 30_000, zones: 3 } }), 2, 432)
  expect(world.tally.dropped).toBe(0)
  world.step(432 * 15)
  expect(world.servers.serving).toBe(6)
  // A third of 9 x 5.1 requests in flight.
  expect(world.tally.dropped / 15).toBeCloseTo(1, 0)
  expect(world.meter.mean('cpu', 15_000)).toBeCloseTo(0.9, 2)
  run(world, 4, 432)
  expect(world.servers.serving).toBe(6)
})
