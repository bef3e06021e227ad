import { expect, test } from 'vitest'
import { chanceOf } from '../../../test/kit/chance.ts'
import type { Experience, Foretold, LoadSeries } from '../../core/forecast.ts'
import { MODELS } from './experience.ts'
import { forecastOf } from './forecast.ts'
import { knownOf } from './model.ts'

const STEP = 300_000
const DAY = 86_400_000
const [START, BACK] = [20_000 * DAY, 15 * 288]
const AHEAD = 20 * 60_000

/** Days of a wave with noise, and what a history would tell of the 15 before an instant. */
function history(days: number, change: (value: number, index: number) => number = (value) => value) {
  const { draw } = chanceOf(5)
  const values = Float64Array.from({ length: days * 288 }, (_, index) =>
    change((100 - 50 * Math.cos((2 * Math.PI * index) / 288)) * (0.8 + 0.4 * draw()), index),
  )
  return (step: number): LoadSeries => {
    const from = Math.max(0, step - BACK)
    const known = values.slice(from, Math.min(values.length, step + 12))
    return { startAt: START + from * STEP, stepMs: STEP, means: known, peaks: known }
  }
}

/** A forecast at each of the steps, with what was learned at those before. */
function renewed(load: (step: number) => LoadSeries, steps: readonly number[], aheadMs = AHEAD) {
  let experience: Experience | null = null
  return steps.map((step) => {
    const made = forecastOf(load(step), { now: START + step * STEP + 1, aheadMs }, experience)
    experience = made?.experience ?? experience
    return made!
  })
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

test('what comes later changes no forecast, and nothing that was learned', () => {
  const until = 13 * 288
  const known = history(15)
  const changed = history(15, (value, index) => (index < until ? value : 1e9))
  const steps = range(until - 200, until + 1)
  expect(renewed(changed, steps)).toEqual(renewed(known, steps))
  const hours = [until - 2, until]
  expect(renewed(changed, hours, DAY)).toEqual(renewed(known, hours, DAY))
})

test('in a trial nobody knew what came', () => {
  const load = history(15)
  const changed = history(15, (value, index) => (index < 14 * 288 - 20 ? value : 7 * value))
  const told = (from: typeof load) => {
    const { trials } = renewed(from, [14 * 288])[0]!.experience
    return trials[0]!.filter(({ at }) => at - START / STEP <= 14 * 288 - 20)
  }
  expect(told(changed)).toEqual(told(load))
  expect(told(load).length).toBeGreaterThan(15)
})

test('what is kept does not grow, and is as much after forecasts that were left out', () => {
  const load = history(16)
  const all = renewed(load, range(14 * 288, 14 * 288 + 400))
  const some = renewed(load, [14 * 288, 14 * 288 + 30, 14 * 288 + 31, 14 * 288 + 95])
  const at = ({ experience }: (typeof all)[number]) =>
    experience.trials.map((trials) => trials.map((one) => one.at))
  expect(new Set(all.map((one) => at(one)[0]!.length))).toEqual(new Set([28]))
  expect(at(some.at(-1)!)).toEqual(at(all[95]!))
  expect(at(renewed(load, [15 * 288], DAY)[0]!).map((steps) => steps.length)).toEqual([28, 36])
})

test('models learn anew within half a day, one after the other', () => {
  const made = renewed(history(16), range(14 * 288, 14 * 288 + 145))
  const first = START / STEP + 14 * 288
  expect(made.at(-1)!.experience.fits.every(({ at }) => at > first)).toBe(true)
  const anew = range(1, 145).map(
    (index) => made[index]!.experience.fits.filter(({ at }) => at === first + index).length,
  )
  expect(Math.max(...anew)).toBe(1)
  expect(anew.reduce((sum, one) => sum + one)).toBe(MODELS.length)
})

test('a model that learned anew and now knows too little leaves it to the others', () => {
  const load = history(10, (_value, index) => 100 + 50 * Math.sin(index / 9.55))
  const step = 9 * 288
  const [{ experience }] = renewed(load, [step]) as [NonNullable<Foretold>]
  expect(experience.period.steps).toBe(60)
  const fits = experience.fits.map((fit, index) => (index < 8 ? fit : { ...fit, learned: null }))
  const about = { now: START + (step + 1) * STEP + 1, aheadMs: AHEAD }
  const { forecast } = forecastOf(load(step + 1), about, { ...experience, fits })!
  expect(forecast.expected / forecastOf(load(step + 1), about, experience)!.forecast.expected).toBeCloseTo(
    1,
    1,
  )
})

test('experience of another past, of another time or of less is left aside', () => {
  const load = history(16)
  const step = 15 * 288
  const [fresh] = renewed(load, [step])
  const of = (experience: Experience, aheadMs = AHEAD) =>
    forecastOf(load(step), { now: START + step * STEP + 1, aheadMs }, experience)
  const { experience } = fresh!
  for (const other of [
    { ...experience, from: experience.from + 1 },
    { ...experience, now: experience.now - 100 },
    { ...experience, now: experience.now + 1 },
    { ...experience, trials: experience.trials.map((trials) => trials.map((one) => ({ ...one, at: 1 }))) },
  ])
    expect(of(other)).toEqual(fresh)
  expect(of(experience, DAY)).toEqual(renewed(load, [step], DAY)[0])
})

test('a value that comes late counts at the next forecast', () => {
  const step = 15 * 288
  const load = history(16)
  const gap = history(16, (value, index) => (index === step - 1 ? Number.NaN : value))
  const last = renewed(load, range(step - 10, step + 1)).at(-1)!
  const before = renewed(gap, range(step - 10, step + 1)).at(-1)!
  const { experience } = before
  const late = forecastOf(load(step), { now: START + step * STEP + 1, aheadMs: AHEAD }, experience)!
  expect(before.forecast.expected).not.toBe(last.forecast.expected)
  expect(late.forecast.expected).toBeCloseTo(last.forecast.expected, 6)
})

test.each(MODELS.filter(({ name }) => !name.endsWith('of a period')))(
  '$name survives 20,000 values',
  (model) => {
    const { draw } = chanceOf(9)
    const values = Float64Array.from(
      { length: 20_000 },
      (_, index) => 100 + 50 * Math.sin(index / 46) + draw(),
    )
    const known = knownOf(values, 288)
    for (const value of model.forecast(model.fit(known)!, known, 12)) expect(value).toBeGreaterThanOrEqual(0)
  },
)
