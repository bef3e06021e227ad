import { expect, test } from 'vitest'
import { poisson, rngOf } from '../../src/simulator/chance.ts'
import { FluidWorld } from '../../src/simulator/fluid/world.ts'
import { requestByRequest } from './requests.ts'

/** The simulator's flows, held against single requests in servers with queues. */
const CROWD = { servers: 10, shape: { slots: 8, capacity: 80 }, longestWaitMs: 5_000, objectiveMs: 250 }
const STEP_MS = 15_000

const steady = (share: number) => Array.from({ length: 80 }, () => share)
/** So many steps of too much, and quiet ones until it is worked off, ten times. */
const bursts = (share: number, steps: number) =>
  Array.from({ length: 10 }, () => [...Array(steps).fill(share), ...Array(12).fill(0.6)]).flat()

/** In percent of the requests. */
function bothWays(shares: readonly number[]) {
  const rates = shares.map((share) => share * CROWD.servers * CROWD.shape.capacity)
  const single = requestByRequest(rates, STEP_MS, CROWD, rngOf(5))
  const world = new FluidWorld(
    {
      server: CROWD.shape,
      startup: { medianMs: 0, sigma: 0, failing: 0 },
      longestWaitMs: CROWD.longestWaitMs,
      stepMs: STEP_MS,
    },
    rngOf(1),
    { serving: CROWD.servers, mostSteps: rates.length },
  )
  const rng = rngOf(6)
  for (const rate of rates) world.step(poisson(rng, (rate * STEP_MS) / 1000))
  const { requests, dropped } = world.tally
  return {
    single: {
      violations: (100 * (single.late + single.dropped)) / single.requests,
      dropped: (100 * single.dropped) / single.requests,
    },
    flow: {
      violations: (100 * (world.waits.longerThan(CROWD.objectiveMs) + dropped)) / requests,
      dropped: (100 * dropped) / requests,
    },
  }
}

test.each([0.6, 0.7, 0.8, 0.9, 0.95])('servers used to %d let wait as many', (share) => {
  const { single, flow } = bothWays(steady(share))
  expect(Math.abs(flow.violations - single.violations)).toBeLessThan(0.1 + 0.2 * single.violations)
  expect(flow.dropped).toBe(single.dropped)
})

test.each([
  [1.1, 2],
  [1.1, 4],
  [1.3, 1],
  [1.3, 4],
  [2, 1],
  [2, 4],
])('an overload to %d for %d steps lets wait, and drops, as many', (share, steps) => {
  const { single, flow } = bothWays(bursts(share, steps))
  expect(Math.abs(flow.violations - single.violations)).toBeLessThan(0.2 * single.violations)
  expect(Math.abs(flow.dropped - single.dropped)).toBeLessThan(0.3)
})

test('close to saturation the flow is the milder one, and by no more than a half', () => {
  const { single, flow } = bothWays(bursts(0.98, 4))
  expect(flow.violations).toBeLessThan(single.violations)
  expect(flow.violations).toBeGreaterThan(single.violations / 2)
})
