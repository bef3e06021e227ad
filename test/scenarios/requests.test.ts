import { expect, test } from 'vitest'
import { poisson, rngOf } from '../../src/simulator/chance.ts'
import { FluidWorld, type WorldSpec } from '../../src/simulator/fluid/world.ts'
import { RequestWorld, type Story } from './requests.ts'

/** The simulator's flows, held against single requests in servers with queues. */
const SERVERS = 10
const OBJECTIVE_MS = 250
const STEP_MS = 15_000
const MINUTE = 60_000
const SPEC: WorldSpec = {
  server: { slots: 8, capacity: 80 },
  startup: { medianMs: MINUTE, sigma: 0, failing: 0 },
  longestWaitMs: 5_000,
  stepMs: STEP_MS,
}

/** So many steps of a load (1 = all that the servers of the beginning carry) while so many servers are asked for. */
const steps = (count: number, share: number, want = SERVERS) =>
  Array.from({ length: count }, () => ({ share, want }))
/** So many steps of too much, and quiet ones until it is worked off, ten times. */
const bursts = (share: number, count: number) =>
  Array.from({ length: 10 }, () => [...steps(count, share), ...steps(12, 0.6)]).flat()

/** In percent of the requests; servers in minutes. */
function bothWays(told: ReturnType<typeof steps>, trials: Partial<WorldSpec> = {}) {
  const spec = { ...SPEC, ...trials }
  const rates = told.map(({ share }) => share * SERVERS * spec.server.capacity)
  const story = { rates, wants: told.map(({ want }) => want) }
  const single = new RequestWorld(spec, OBJECTIVE_MS, rngOf(5), SERVERS).tell(story)
  const world = flowOf(story, spec)
  const { requests, dropped, serverMs } = world.tally
  return {
    single: {
      violations: (100 * (single.late + single.dropped)) / single.requests,
      dropped: (100 * single.dropped) / single.requests,
      servers: single.serverMs / MINUTE,
    },
    flow: {
      violations: (100 * (world.waits.longerThan(OBJECTIVE_MS) + dropped)) / requests,
      dropped: (100 * dropped) / requests,
      servers: serverMs / MINUTE,
    },
  }
}

function flowOf({ rates, wants }: Story, spec: WorldSpec): FluidWorld {
  const world = new FluidWorld(spec, rngOf(1), { serving: SERVERS, mostSteps: rates.length })
  const rng = rngOf(6)
  rates.forEach((rate, step) => {
    world.servers.scaleTo(wants[step]!, world.now)
    world.step(poisson(rng, (rate * STEP_MS) / 1000))
  })
  return world
}

test.each([0.6, 0.7, 0.8, 0.9, 0.95])('servers used to %d let wait as many', (share) => {
  const { single, flow } = bothWays(steps(80, share))
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
])('an overload to %d for %d steps lets wait, and drops, as many', (share, count) => {
  const { single, flow } = bothWays(bursts(share, count))
  expect(Math.abs(flow.violations - single.violations)).toBeLessThan(0.2 * single.violations)
  expect(Math.abs(flow.dropped - single.dropped)).toBeLessThan(0.3)
})

test('close to saturation the flow is the milder one, and by no more than a half', () => {
  const { single, flow } = bothWays(bursts(0.98, 4))
  expect(flow.violations).toBeLessThan(single.violations)
  expect(flow.violations).toBeGreaterThan(single.violations / 2)
})

const doubled = [...steps(8, 0.6), ...steps(24, 1.2, 20)]
const shrunk = Array.from({ length: 10 }, () => [
  ...steps(8, 0.6),
  ...steps(4, 1.1),
  ...steps(8, 0.5, 8),
]).flat()

test.each<[string, ReturnType<typeof steps>, Partial<WorldSpec>]>([
  ['servers that start', doubled, {}],
  ['servers that join cold', doubled, { coldStartMs: 2 * MINUTE }],
  ['a stock-out', doubled, { stockOut: { fromMs: 8 * STEP_MS, untilMs: 16 * STEP_MS } }],
  ['servers that are retired behind a queue, and finish it', shrunk, { drainMs: 30_000 }],
  ['servers that are cut off in their drain', shrunk, { drainMs: 2_000 }],
  ['servers that have no drain', shrunk, { drainMs: 0 }],
  ['a zone that is lost', steps(24, 0.75), { zoneLoss: { atMs: 8 * STEP_MS, zones: 3 } }],
  [
    'a zone that is lost under too much load',
    [...steps(4, 0.75), ...steps(4, 1.2), ...steps(16, 0.75)],
    { zoneLoss: { atMs: 8 * STEP_MS, zones: 3 } },
  ],
])('%s: as many wait and are dropped, for as much', (_name, told, trials) => {
  const { single, flow } = bothWays(told, trials)
  expect(Math.abs(flow.violations - single.violations)).toBeLessThan(0.25 * single.violations)
  expect(Math.abs(flow.dropped - single.dropped)).toBeLessThan(0.1 + 0.2 * single.dropped)
  expect(Math.abs(flow.servers - single.servers)).toBeLessThan(0.001 * single.servers)
})
