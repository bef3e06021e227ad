import { expect, test } from 'vitest'
import { chanceOf } from '../../../test/kit/chance.ts'
import { fitArma } from './arima.ts'
import { cleaned } from './clean.ts'
import { ensemble, factorAt } from './ensemble.ts'
import { MODELS } from './experience.ts'
import { forecastOf } from './forecast.ts'
import { type Known, knownOf, type Model } from './model.ts'
import { periodOf } from './period.ts'
import { Ridge } from './solve.ts'

const SEASON = 48

/** Days of a wave between 50 and 150, each value off by up to `noise`. */
function days(count: number, noise = 0, seed = 1): Float64Array {
  const { draw: rng } = chanceOf(seed)
  return Float64Array.from({ length: count * SEASON }, (_, index) => {
    const wave = 100 + 50 * Math.sin((2 * Math.PI * index) / SEASON)
    return wave * (1 + noise * (2 * rng() - 1))
  })
}

const IN_DAYS = MODELS.filter(({ name }) => !name.endsWith('of a period'))
const OF_PERIOD = MODELS.filter((model) => !IN_DAYS.includes(model))

function forecast(model: Model, values: Float64Array, ahead: number): Float64Array {
  const known = knownOf(values, SEASON)
  return model.forecast(model.fit(known)!, known, ahead)
}

function expected(values: Float64Array, ahead: number) {
  return ensemble({ known: knownOf(values, SEASON), from: 0 }, ahead, null)
}

test.each(IN_DAYS.filter(({ name }) => name !== 'last'))(
  '$name knows days that repeat themselves',
  (model) => {
    const known = days(14)
    const said = forecast(model, known, SEASON)
    const off = said.map((value, step) => Math.abs(value - known[step]!))
    expect(Math.max(...off)).toBeLessThan(8)
  },
)

test.each(IN_DAYS)('$name forecasts nothing below zero and nothing endless, whatever came', (model) => {
  const silent = new Float64Array(10 * SEASON)
  const rush = days(10).map((value, index) => (index > 9.9 * SEASON ? value * 1000 : value))
  for (const known of [silent, rush]) {
    for (const value of forecast(model, known, SEASON)) {
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(Math.max(...known) * 3)
    }
  }
})

test.each(MODELS)('$name does not guess from too little', (model) => {
  expect(model.fit(knownOf(new Float64Array(0), SEASON))).toBe(null)
})

test('the ensemble follows whoever was right', () => {
  const known = days(20, 0.1)
  const { values } = expected(known, 12)!
  const off = values.map((value, step) => Math.abs(value / days(1)[step]! - 1))
  expect(Math.max(...off)).toBeLessThan(0.12)
  expect(expected(days(1), 12)).toBe(null)
})

test('so large a share of what comes stays below the bound', () => {
  let [below, all] = [0, 0]
  for (let seed = 1; seed <= 12; seed++) {
    const whole = days(21, 0.3, seed)
    const known = whole.subarray(0, 20 * SEASON)
    const { values, ratios } = expected(known, 12)!
    for (let step = 0; step < 12; step++) {
      const bound = values[step]! * factorAt(ratios[step < 3 ? 0 : 1]!, 0.95)
      all++
      if (whole[20 * SEASON + step]! <= bound) below++
    }
  }
  expect(below / all).toBeGreaterThan(0.9)
  expect(below / all).toBeLessThan(0.995)
})

test('a bound is the value at its rank, and the highest where there are too few', () => {
  const ratios = Array.from({ length: 99 }, (_, index) => index / 100)
  expect(factorAt(Float64Array.from(ratios), 0.95)).toBe(0.94)
  expect(factorAt(Float64Array.of(1, 2, 3), 0.95)).toBe(3)
  expect(factorAt(new Float64Array(0), 0.95)).toBe(1)
})

test('autoregression and moving average are found again, in 20,000 values', () => {
  const { draw: rng } = chanceOf(7)
  const noise = Float64Array.from({ length: 20_000 }, () => rng() + rng() + rng() - 1.5)
  const series = new Float64Array(noise.length)
  for (let at = 1; at < series.length; at++)
    series[at] = 0.8 * series[at - 1]! + noise[at]! - 0.4 * noise[at - 1]!
  const { ar, ma } = fitArma(series)
  expect(ar[0]).toBeCloseTo(0.8, 1)
  expect(ma[0]).toBeCloseTo(-0.4, 1)
})

test('gaps and old outages become what is usual then; a rush and what is new stay', () => {
  const broken = days(10)
  broken.fill(Number.NaN, 100, 150)
  broken.fill(0, 200, 210)
  broken.fill(900, 300, 305)
  broken.fill(0, 470)
  const clean = cleaned(broken, SEASON)!
  const whole = days(10)
  for (const at of [100, 149, 200, 209]) expect(clean[at]).toBeCloseTo(whole[at]!, 5)
  expect(clean[302]).toBe(900)
  expect(clean[475]).toBe(0)
  expect(cleaned(new Float64Array(9).fill(Number.NaN), SEASON)).toBe(null)
})

/** Seven days of a wave of so many values, of which a day has 288. */
function waves(period: number, noise = 0, seed = 1): Known {
  const { draw } = chanceOf(seed)
  const values = Float64Array.from({ length: 7 * 288 }, (_, index) => {
    const wave = 100 + 50 * Math.sin((2 * Math.PI * index) / period)
    return wave * (1 + noise * (2 * draw() - 1))
  })
  return knownOf(values, 288)
}

test('a period is found in noise where it is no day, and none where there is none', () => {
  expect(periodOf(waves(60, 0.3))).toBe(60)
  expect(periodOf(waves(7, 0.3))).toBe(7)
  expect(periodOf(waves(288, 0.3))).toBe(null)
  const { draw: rng } = chanceOf(3)
  expect(
    periodOf(
      knownOf(
        Float64Array.from({ length: 2000 }, () => rng()),
        288,
      ),
    ),
  ).toBe(null)
  expect(periodOf(knownOf(new Float64Array(2000).fill(5), 288))).toBe(null)
  expect(periodOf(knownOf(waves(60).values.subarray(0, 2 * 288), 288))).toBe(null)
})

test('one that divides a day has to be clearer than the day', () => {
  const hours = waves(12)
  expect(periodOf(hours)).toBe(null)
  const rising = hours.values.map(
    (value, index) => value * (1 + 0.9 * Math.sin((2 * Math.PI * index) / 3000)),
  )
  expect(periodOf(knownOf(rising, 288))).toBe(12)
})

test.each(OF_PERIOD)('$name says something of what repeats itself within half an hour', (model) => {
  const known = { ...waves(6, 0.1), period: 6 }
  for (const value of model.forecast(model.fit(known)!, known, 288)) expect(value).toBeGreaterThan(40)
})

test.each(OF_PERIOD)(
  '$name knows what repeats itself after 5 hours, also when it is told of another later',
  (model) => {
    const known = { ...waves(60), period: 60 }
    const learned = model.fit(known)!
    for (const period of [60, null, 12]) {
      const said = model.forecast(learned, { ...known, period }, 60)
      expect(Math.max(...said.map((value, step) => Math.abs(value - known.values[36 + step]!)))).toBeLessThan(
        9,
      )
    }
    expect(model.fit(waves(60))).toBe(null)
  },
)

test('a load of 5 hours is forecast better than by days', () => {
  const { values } = waves(60, 0.05)
  const past = { known: knownOf(values.subarray(0, 1900), 288), from: 0 }
  const made = ensemble(past, 12, null)!
  expect(made.experience.period.steps).toBe(60)
  const load = { startAt: 0, stepMs: 300_000, means: values, peaks: values }
  expect(forecastOf(load, { now: 1900 * 300_000, aheadMs: 60_000 }, null)!.forecast.periodMs).toBe(18_000_000)
  const off = made.values.map((value, step) => Math.abs(value / waves(60).values[1900 + step]! - 1))
  expect(Math.max(...off)).toBeLessThan(0.05)
})

test('least squares finds what rows agree on, and gives nothing to what they do not tell of', () => {
  const ridge = new Ridge(3, 1e-9)
  for (let index = 1; index < 9; index++)
    ridge.add(Float64Array.of(index, index * index, 0), 3 * index - index * index)
  const [a, b, c] = ridge.solve()
  expect([a, b, c].map((value) => Math.round(value! * 1000) / 1000)).toEqual([3, -1, 0])
})
