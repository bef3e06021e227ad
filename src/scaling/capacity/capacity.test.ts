import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rngOf } from '../../simulator/chance.ts'
import { FluidWorld } from '../../simulator/fluid/world.ts'
import { capacityOf } from './capacity.ts'
import type { Worked } from './worked.ts'

/** A server with 8 slots that serves request by request: arrivals and services are drawn, steps are measured as a gateway would. */
function served({ capacity, seed, from, to }: { capacity: number; seed: number; from: number; to: number }) {
  const rng = rngOf(seed)
  const exponential = (mean: number) => -Math.log(1 - rng()) * mean
  const [slots, stepSeconds, count] = [8, 30, 240]
  const ended = new Float64Array(count)
  const inside = new Float64Array(count)
  const freeAt = new Float64Array(slots)
  for (let at = 0; at < count * stepSeconds; ) {
    const share = from + (to - from) * (0.5 - 0.5 * Math.cos((at / stepSeconds / count) * 12))
    at += exponential(1 / (share * capacity))
    const slot = freeAt.indexOf(Math.min(...freeAt))
    const end = Math.max(at, freeAt[slot]!) + exponential(slots / capacity)
    freeAt[slot] = end
    if (end < count * stepSeconds) ended[Math.floor(end / stepSeconds)]!++
    for (let step = Math.floor(at / stepSeconds); step * stepSeconds < end && step < count; step++)
      inside[step]! += Math.min(end, (step + 1) * stepSeconds) - Math.max(at, step * stepSeconds)
  }
  return Array.from(
    ended,
    (number, step): Worked => ({
      rps: number / stepSeconds,
      inFlight: inside[step]! / stepSeconds,
      cpu: null,
    }),
  )
}

const seeds = { numRuns: 10, seed: 7 }

test('of a server that was near its limit, what it carries is known within a tenth, with confidence', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 20, max: 60 }), (seed, capacity) => {
      const learned = capacityOf(served({ capacity, seed, from: 0.3, to: 0.97 }))!
      expect(learned.by).toBe('queue')
      expect(learned.mostRps.value / capacity).toBeGreaterThan(0.9)
      expect(learned.mostRps.value / capacity).toBeLessThan(1.1)
      expect(learned.confident).toBe(true)
    }),
    seeds,
  )
})

test('the bounds hold the truth, whatever the load was', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0.5, max: 1, noNaN: true }),
      (seed, to) => {
        const { low, high } = capacityOf(served({ capacity: 40, seed, from: 0.2, to }))!.mostRps
        expect(low).toBeLessThan(40 * 1.05)
        expect(high ?? Number.POSITIVE_INFINITY).toBeGreaterThan(40 * 0.95)
      },
    ),
    seeds,
  )
})

test('a server that never had much to do bounds nothing above, and nobody may build on it', () => {
  const learned = capacityOf(served({ capacity: 80, seed: 3, from: 0.05, to: 0.3 }))!
  expect(learned.confident).toBe(false)
})

test('the fluid world of the simulator is learned as well, overloads and all', () => {
  const spec = {
    server: { slots: 8, capacity: 80 },
    startup: { medianMs: 0, sigma: 0, failing: 0 },
    longestWaitMs: 5_000,
    stepMs: 15_000,
  }
  const world = new FluidWorld(spec, rngOf(1), { serving: 5, mostSteps: 2_000 })
  const steps = Array.from({ length: 2_000 }, (_, step): Worked => {
    world.step(5 * 80 * 15 * (0.65 - 0.4 * Math.cos(step / 100)))
    const mean = (metric: 'served' | 'inFlight') => world.meter.mean(metric, 15_000)! / 5
    return { rps: mean('served'), inFlight: mean('inFlight'), cpu: world.meter.mean('cpu', 15_000) }
  })
  const queue = capacityOf(steps.map((step) => ({ ...step, cpu: null })))!
  expect(queue.mostRps.value / 80).toBeGreaterThan(0.9)
  expect(queue.mostRps.value / 80).toBeLessThan(1.1)
  expect(queue.confident).toBe(true)
  const cpu = capacityOf(steps)!
  expect(cpu.mostRps.value / 80).toBeGreaterThan(0.95)
  expect(cpu.mostRps.value / 80).toBeLessThan(1.05)
})

test('the CPU tells what a server carries that never came near its limit', () => {
  const rng = rngOf(5)
  const steps = Array.from({ length: 200 }, (_, index): Worked => {
    const rps = 10 + (index % 25)
    return { rps, inFlight: rps / 20, cpu: 0.04 + rps / 100 + 0.01 * (rng() - 0.5) }
  })
  const learned = capacityOf(steps)!
  expect(learned).toMatchObject({ by: 'cpu', confident: true, slots: 5, steps: 200 })
  expect(learned.mostRps.value).toBeCloseTo(96, -1)
  expect(learned.kneeRps).toBeLessThan(learned.mostRps.value)
})

test('the knee of one slot is at half of what it carries, of more it comes later', () => {
  const learn = (slots: number) => {
    const steps = Array.from({ length: 200 }, (_, index): Worked => {
      const used = 0.1 + (0.85 * index) / 200
      return { rps: 100 * used, inFlight: slots === 1 ? used / (1 - used) : slots * used, cpu: null }
    })
    return capacityOf(steps)!
  }
  expect(learn(1).kneeRps).toBeCloseTo(50, -1)
  expect(learn(1).slots).toBe(1)
})

test('the CPU of servers whose requests take now so long and then so long tells nothing, and breaks nothing', () => {
  const scattered = Array.from({ length: 40 }, (_, index): Worked => {
    const rps = 10 * 1.2 ** (index % 10)
    return { rps, inFlight: 1.3 ** index, cpu: rps / 100 }
  })
  expect(capacityOf(scattered)).toBeNull()
})

test('requests that wait for minutes make a server of as many slots as are reckoned with', () => {
  const steps = Array.from({ length: 200 }, (_, index): Worked => {
    const rps = 10 + (index % 25)
    return { rps, inFlight: rps * 1_000, cpu: rps / 100 }
  })
  expect(capacityOf(steps)).toMatchObject({ by: 'cpu', slots: 512 })
})

test('too little is nothing', () => {
  expect(capacityOf([])).toBeNull()
  expect(capacityOf(Array.from({ length: 500 }, () => ({ rps: 0, inFlight: 0, cpu: 0.1 })))).toBeNull()
  const steady = Array.from({ length: 500 }, () => ({ rps: 50, inFlight: 5, cpu: 0.5 }))
  expect(capacityOf(steady)).toBeNull()
})
