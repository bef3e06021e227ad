import { expect, test } from 'vitest'
import type { CustomMetrics, MetricSource } from '../../src/core/metrics.ts'
import { SimMetrics } from '../../src/simulator/sim-metrics.ts'
import { NOON } from '../kit/scaling.ts'
import { World } from '../kit/world.ts'

/** A controller on virtual time, and what its history tells afterwards. */
const MINUTE = 60_000

async function readAll(world: World, metric: string, stepMs: number) {
  const range = { fromAt: NOON, toAt: world.clock.now() }
  const { points } = await world.history.read({ fleet: 'api', metric, ...range, stepMs })
  return points
}

test('keeps the load and the servers of every tick', async () => {
  const world = new World({ fleet: { min: 1, max: 10 } })
  world.load = 4
  world.start()
  await world.pass(5 * MINUTE - 500)
  world.load = 40
  await world.pass(5 * MINUTE)
  expect((await readAll(world, 'in-flight', 5 * MINUTE)).map(({ mean }) => mean)).toEqual([4, 40])
  const servers = await readAll(world, 'serving', 5 * MINUTE)
  expect(servers.map(({ max }) => max)).toEqual([1, 5])
  expect((await readAll(world, 'want', MINUTE)).at(-1)).toMatchObject({ min: 5, max: 5 })
  expect((await readAll(world, 'cpu', MINUTE)).length).toBe(0)
})

test('has a gap where no controller ran', async () => {
  const world = new World()
  world.start()
  await world.pass(2 * MINUTE - 500)
  world.kill()
  await world.pass(3 * MINUTE + 500)
  world.start()
  await world.pass(2 * MINUTE - 500)
  const minutes = (await readAll(world, 'have', MINUTE)).map(({ at }) => (at - NOON) / MINUTE)
  expect(minutes).toEqual([0, 1, 5, 6])
})

test('keeps metrics of the file that no policy reads, and a source that hangs does not hold the ticks up', async () => {
  const metrics: CustomMetrics = {
    backlog: { unit: 'count', from: 'source:quick', perServer: false, help: '' },
    lag: { unit: 'ms', from: 'source:hung', perServer: false, help: '' },
  }
  const hung: MetricSource = { read: () => new Promise(() => {}) }
  const world = new World({
    fleet: { metrics },
    wrap: (ports) => {
      const sources: Record<string, MetricSource> = {
        'source:quick': new SimMetrics(ports.clock, () => 7),
        'source:hung': hung,
      }
      return { ...ports, metrics: (from) => sources[from] ?? ports.metrics(from) }
    },
  })
  world.start()
  await world.pass(2 * MINUTE)
  expect((await readAll(world, 'backlog', MINUTE))[0]).toMatchObject({ min: 7, max: 7 })
  expect(await readAll(world, 'lag', MINUTE)).toEqual([])
  expect((await readAll(world, 'have', 2 * MINUTE))[0]!.count).toBeGreaterThan(60)
})
