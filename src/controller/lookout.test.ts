import { expect, test } from 'vitest'
import { aFleet, NOON } from '../../test/kit/scaling.ts'
import type { MetricInfo } from '../core/metrics.ts'
import { forecastOf } from '../scaling/forecast/forecast.ts'
import { SimHistory } from '../simulator/sim-history.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { Lookout } from './lookout.ts'
import { Turns } from './turns.ts'

const STEP = 300_000
const FLEETS = ['api', 'web', 'jobs']

/** Four days of load of three fleets, and a controller that has just started. */
async function started() {
  const clock = new VirtualClock(NOON)
  const history = new SimHistory(clock)
  const samples = Array.from({ length: 4 * 288 }, (_, step) => ({
    at: NOON - (4 * 288 - step) * STEP,
    value: 100 + 40 * Math.sin(step / 46),
  }))
  for (const fleet of FLEETS) await history.import({ fleet, metric: 'rps' }, samples)
  const shared = {
    metrics: ['rps'],
    forecasts: new Set<string>(),
    aheadMs: 60_000,
    history,
    forecaster: { forecast: async (load, about) => forecastOf(load, about, about.experience) },
    turns: new Turns(),
    clock,
  } satisfies Partial<Parameters<Lookout['take']>[0]>
  const lookouts = FLEETS.map((name) => ({ fleet: aFleet({ name }), lookout: new Lookout() }))
  /** Which fleets know the worth of servers when all have ticked at this time. */
  return async (now: number) => {
    const tick = () => lookouts.map(({ fleet, lookout }) => lookout.take({ ...shared, fleet, now }))
    tick()
    await new Promise(setImmediate)
    const outlooks = tick()
    expect(outlooks.map(({ rps }) => rps?.precedents.length)).toEqual([2, 2, 2])
    return FLEETS.filter((_, index) => outlooks[index]!.rps!.worth !== undefined)
  }
}

test('lessons of many fleets are learned one a second, and all have an outlook meanwhile', async () => {
  const knowing = await started()
  expect(await knowing(NOON)).toEqual(['api'])
  expect(await knowing(NOON + 500)).toEqual(['api'])
  expect(await knowing(NOON + 1_000)).toEqual(['api', 'web'])
  expect(await knowing(NOON + 2_000)).toEqual(FLEETS)
})

test('what was learned of a metric is forgotten when the file has another one of that name, or nobody looks ahead by it', async () => {
  const clock = new VirtualClock(NOON)
  const history = new SimHistory(clock)
  const samples = Array.from({ length: 288 }, (_, step) => ({ at: NOON - (288 - step) * STEP, value: 100 }))
  await history.import({ fleet: 'api', metric: 'jobs' }, samples)
  const known: boolean[] = []
  const experience = { from: 0, now: 0, period: { at: 0, steps: null }, fits: [], trials: [] }
  const lookout = new Lookout()
  const jobs = { unit: 'count', from: 'source:a', perServer: false, help: '' } as const
  const look = async (after: number, info: MetricInfo, metrics: readonly string[] = ['jobs']) => {
    const watch = {
      fleet: aFleet({ name: 'api', metrics: { jobs: info } }),
      metrics,
      forecasts: new Set(['jobs']),
      now: NOON + after * STEP,
      aheadMs: 60_000,
      history,
      forecaster: {
        forecast: async (_, about) => {
          known.push(about.experience !== null)
          return { forecast: { expected: 1, high: 1 }, experience }
        },
      },
      turns: new Turns(),
      clock,
    } satisfies Parameters<Lookout['take']>[0]
    lookout.take(watch)
    await new Promise(setImmediate)
    return lookout.take(watch)
  }
  await look(0, jobs)
  await look(1, { ...jobs, help: 'those that wait' })
  expect(known).toEqual([false, true])
  await look(2, { ...jobs, perServer: true })
  expect(known).toEqual([false, true, false])
  expect(await look(3, { ...jobs, perServer: true }, [])).toEqual({})
  await look(4, { ...jobs, perServer: true })
  expect(known).toEqual([false, true, false, false])
})
