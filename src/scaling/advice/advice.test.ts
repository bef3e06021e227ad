import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { rngOf } from '../../simulator/chance.ts'
import { FluidWorld } from '../../simulator/fluid/world.ts'
import { readTrace } from '../../simulator/trace/read.ts'
import { resampled, scaledTo } from '../../simulator/trace/trace.ts'
import { adviceOf } from './advice.ts'
import { recordedOf, stepOf } from './recorded.ts'

const STEP = 60_000
const ABOUT = { stepMs: STEP, latency: 'p95', capacityRps: null }
const CANDIDATES = ['cpu', 'memory', 'in-flight-per-server', 'rps-per-server']

/** What ten servers with 8 slots and 80 requests a second would have been measured at under a load of so much of what they carry; memory
 *  has nothing to do with it. */
function measured(shares: ArrayLike<number>) {
  const spec = {
    server: { slots: 8, capacity: 80 },
    startup: { medianMs: 0, sigma: 0, failing: 0 },
    longestWaitMs: 5_000,
    stepMs: STEP,
  }
  const world = new FluidWorld(spec, rngOf(1), { serving: 10, mostSteps: shares.length })
  const rng = rngOf(2)
  const samples = new Map(
    [...CANDIDATES, 'p95'].map((metric) => [metric, [] as { at: number; value: number }[]]),
  )
  for (const [step, share] of Array.from(shares).entries()) {
    world.step(share * 10 * 80 * 60)
    const mean = (metric: 'served' | 'inFlight' | 'cpu') => world.meter.mean(metric, STEP)!
    const values = {
      cpu: mean('cpu'),
      memory: 0.4 + 0.2 * rng(),
      'in-flight-per-server': mean('inFlight') / 10,
      'rps-per-server': mean('served') / 10,
      p95: (1000 * mean('inFlight')) / mean('served'),
    }
    for (const [metric, value] of Object.entries(values))
      samples.get(metric)!.push({ at: step * STEP, value })
  }
  return samples
}

const advise = (shares: ArrayLike<number>) =>
  adviceOf(recordedOf(measured(shares), { ...ABOUT, candidates: CANDIDATES }))

function realLoad(name: string): Float64Array {
  const file = resolve(import.meta.dirname, '../../../bench/traces', name)
  const read = readTrace(gunzipSync(readFileSync(file)).toString(), null)
  if (!read.ok) throw new Error(read.problems.join())
  const { values, ...about } = resampled(read.trace, STEP)
  return scaledTo({ ...about, values: values.slice(0, 4 * 1440) }, 0.97).values
}

test('of a fleet that came near its limit, the metric to follow and its knee are told', () => {
  const advice = advise(Array.from({ length: 2880 }, (_, minute) => 0.6 - 0.36 * Math.cos(minute / 200)))
  expect(advice.suggestion).toMatchObject({ metric: 'in-flight-per-server', lag: 0, by: 'capacity' })
  expect(advice.suggestion!.value).toBeGreaterThan(5)
  expect(advice.suggestion!.value).toBeLessThan(9)
  expect(advice.moving.find(({ metric }) => metric === 'memory')!.significant).toBe(false)
})

test.each(['crane_dsp_input0_60s.csv.gz', 'worldcup98_first45d_1min.csv.gz'])(
  'under the real load of %s the advice is the same',
  (name) => {
    const advice = advise(realLoad(name))
    expect(advice.suggestion?.metric).toBe('in-flight-per-server')
    expect(advice.suggestion!.value).toBeGreaterThan(4)
    expect(advice.suggestion!.value).toBeLessThan(9)
  },
)

test('a steady load tells nothing, and that is said', () => {
  const advice = advise(Array.from({ length: 600 }, (_, minute) => 0.6 + 0.02 * Math.cos(minute / 20)))
  expect(advice.suggestion).toBeNull()
  expect(advice.why).toContain('varied by a factor of only 1.0')
})

test('servers that were never near their limit give no target', () => {
  const advice = advise(Array.from({ length: 600 }, (_, minute) => 0.1 + 0.06 * Math.cos(minute / 20)))
  expect(advice.suggestion).toBeNull()
  expect(advice.why).toMatch(/nothing was near its limit|no target can be told yet/)
})

test('without the load of a server, nothing is told', () => {
  const samples = new Map([['cpu', [{ at: 0, value: 1 }]]])
  const about = { ...ABOUT, candidates: ['cpu'] }
  expect(adviceOf(recordedOf(samples, about)).why).toContain('the load of a server is not known')
  expect(adviceOf(recordedOf(new Map(), about)).suggestion).toBeNull()
})

test('the step is the median distance of what is there most', () => {
  const at = (...seconds: number[]) => seconds.map((second) => ({ at: second * 1000, value: 1 }))
  expect(
    stepOf(
      new Map([
        ['a', at(0, 60, 120, 400)],
        ['b', at(0, 5)],
      ]),
    ),
  ).toBe(60_000)
  expect(stepOf(new Map())).toBeNull()
})
