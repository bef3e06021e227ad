import { expect, test } from 'vitest'
import { aFleet, aTarget } from '../../../test/kit/scaling.ts'
import { changesText } from '../../core/tuning.ts'
import { TUNING_AIMS } from '../../core/tuning-spec.ts'
import { neighboursOf } from './neighbours.ts'
import { fileOf, withTuned } from './overlay.ts'

const VALUE = 'policies.target-rps-per-server.value'
const fleet = aFleet({
  min: 10,
  max: 40,
  policies: [aTarget('rps-per-server', 40)],
  guards: { inPatienceMs: 300_000 },
  tuning: {
    schedule: { cron: '0 3 * * *', end: { afterMs: 3_600_000 }, timezone: 'UTC' },
    apply: 'never',
    probationMs: 86_400_000,
    aims: TUNING_AIMS,
  },
})
const told = (of = fleet, aims = TUNING_AIMS) =>
  neighboursOf(of, fileOf(of), aims).map(({ changes, next }) => [
    changesText(changes, of),
    changesText(next, of),
  ])

test('each setting moves one step and two, either way; times move further, and those that are 0 stay', () => {
  expect(told().map(([change]) => change)).toEqual([
    'target-rps-per-server 40/s -> 42/s',
    'target-rps-per-server 40/s -> 44/s',
    'target-rps-per-server 40/s -> 38/s',
    'target-rps-per-server 40/s -> 36/s',
    'guards.patience.in 5m -> 6m15s',
    'guards.patience.in 5m -> 3m45s',
    'min 10 -> 11',
    'min 10 -> 12',
    'min 10 -> 9',
    'min 10 -> 8',
  ])
})

test('two steps begin with one', () => {
  expect(told()[1]).toEqual(['target-rps-per-server 40/s -> 44/s', 'target-rps-per-server 40/s -> 42/s'])
})

test('no setting leaves its bounds around what the file says, however it is tuned', () => {
  const tuned = withTuned(fleet, [{ key: VALUE, file: 40, value: 44 }])
  const aims = { ...TUNING_AIMS, bounds: { least: 0.9, most: 1.16 } }
  expect(told(tuned, aims).map(([change]) => change)).toEqual([
    'target-rps-per-server 44/s -> 46.2/s',
    'target-rps-per-server 44/s -> 41.8/s',
    'target-rps-per-server 44/s -> 39.6/s',
    'min 10 -> 11',
    'min 10 -> 9',
  ])
})

test('a share of a time does not go beyond all of it', () => {
  const busy = { ...fleet, policies: [aTarget('cpu', 0.95)] }
  expect(told(busy).map(([change]) => change)).not.toContainEqual(expect.stringContaining('cpu 95% -> 1'))
  const of = { key: 'policies.target-cpu.value', file: 0.95, value: 1.05 }
  expect(withTuned(busy, [of])).toBe(busy)
  expect(withTuned(busy, [{ ...of, value: 0.9975 }]).tuned).toHaveLength(1)
})

test('values that are the same of the same metric move together, too', () => {
  const seasonal = { type: 'seasonal', name: 'before', metric: 'rps-per-server', value: 40 } as const
  const both = { ...fleet, policies: [...fleet.policies, seasonal] }
  expect(told(both)[0]![0]).toBe('target-rps-per-server 40/s -> 42/s, before 40/s -> 42/s')
})

test('what is tuned holds while the file says what it said then', () => {
  const tuned = [
    { key: VALUE, file: 40, value: 44 },
    { key: 'min', file: 10, value: 9 },
    { key: 'policies.gone.value', file: 1, value: 2 },
  ]
  const one = withTuned(fleet, tuned)
  expect(one).toMatchObject({ min: 9, policies: [{ value: 44 }], tuned: tuned.slice(0, 2) })
  expect(fileOf(one)).toEqual(fleet)
  expect(withTuned({ ...fleet, min: 12 }, tuned)).toMatchObject({ min: 12, tuned: tuned.slice(0, 1) })
  expect(withTuned(fleet, [])).toBe(fleet)
  const { tuning: _tuning, ...untuned } = fleet
  expect(withTuned(untuned, tuned)).toBe(untuned)
})
