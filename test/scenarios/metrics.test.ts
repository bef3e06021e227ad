import { expect, test } from 'vitest'
import type { CustomMetrics, MetricSource } from '../../src/core/metrics.ts'
import type { Clock } from '../../src/core/time.ts'
import { SimMetrics } from '../../src/simulator/sim-metrics.ts'
import { aStep, aTarget } from '../kit/scaling.ts'
import { World } from '../kit/world.ts'

const MINUTE = 60_000
const metrics: CustomMetrics = {
  backlog: { unit: 'count', from: 'source:prom', perServer: false, help: '' },
}

/** A world whose file defines `backlog`, and who measures it. */
function aWorld(
  policies: ReturnType<typeof aTarget | typeof aStep>[],
  source: (clock: Clock) => MetricSource,
): World {
  return new World({
    fleet: { metrics, policies, min: 1, max: 20 },
    wrap: (ports) => {
      const prom = source(ports.clock)
      return { ...ports, metrics: (from) => (from === 'source:prom' ? prom : ports.metrics(from)) }
    },
  })
}

test('a metric of the file drives a fleet, and without data holds it', async () => {
  let backlog: number | null = 35
  const world = aWorld([aTarget('backlog', 10)], (clock) => new SimMetrics(clock, () => backlog))
  world.start()
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 4, ready: 4 })
  backlog = null
  await world.pass(5 * MINUTE)
  expect(world.status).toMatchObject({ desired: 4, ready: 4, blind: null })
  backlog = 5
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 1, actual: 1 })
})

test('a source that never answers leaves a fleet its other policies, and makes nothing blind', async () => {
  const hangs: MetricSource = { read: () => new Promise(() => {}) }
  const world = aWorld(
    [aTarget('in-flight-per-server', 8), aStep('backlog > 100', 0, { kind: 'add', servers: 5 })],
    () => hangs,
  )
  world.load = 8
  world.start()
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 1, ready: 1 })
  world.load = 80
  await world.pass(MINUTE)
  expect(world.status).toMatchObject({ desired: 10, ready: 10, blind: null })
  expect(world.status.readings.backlog).toMatchObject({ ok: false, why: 'unreachable' })
  // What it might have said is not known, so nobody goes.
  world.load = 8
  await world.pass(10 * MINUTE)
  expect(world.status).toMatchObject({ desired: 10, ready: 10, blind: null })
  expect(world.ends).toEqual([])
})
