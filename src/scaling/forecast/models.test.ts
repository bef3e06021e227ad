import { expect, test } from 'vitest'
import { chanceOf } from '../../../test/kit/chance.ts'
import { fitArma } from './arima.ts'
import { cleaned } from './clean.ts'
import { ensemble, factorAt, MODELS } from './ensemble.ts'
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

test.each(MODELS.filter(({ name }) => name !== 'last'))(
  '$name knows days that repeat themselves',
  (model) => {
    const known = days(14)
    const forecast = model.fit(known, SEASON)!(known, SEASON)
    const off = forecast.map((value, step) => Math.abs(value - known[step]!))
    expect(Math.max(...off)).toBeLessThan(8)
  },
)

test.each(MODELS)('$name forecasts nothing below zero and nothing endless, whatever came', (model) => {
  const silent = new Float64Array(10 * SEASON)
  const rush = days(10).map((value, index) => (index > 9.9 * SEASON ? value * 1000 : value))
  for (const known of [silent, rush]) {
    const forecast = model.fit(known, SEASON)!(known, SEASON)
    for (const value of forecast) {
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(Math.max(...known) * 3)
    }
  }
})

test.each(MODELS)('$name does not guess from too little', (model) => {
  expect(model.fit(new Float64Array(0), SEASON)).toBe(null)
})

test('no forecast knows what came', () => {
  const whole = days(16, 0.2)
  const changed = whole.map((value, index) => (index < 14 * SEASON ? value : 1e9))
  const [one, other] = [whole, changed].map((values) => values.subarray(0, 14 * SEASON))
  expect(ensemble(other!, SEASON, SEASON)).toEqual(ensemble(one!, SEASON, SEASON))
  const end = 12 * SEASON
  for (const model of MODELS) {
    const [a, b] = [whole, changed].map((values) => model.fit(values.subarray(0, end), SEASON)!)
    expect(b!(changed.subarray(0, end), 9)).toEqual(a!(whole.subarray(0, end), 9))
  }
})

test('the ensemble follows whoever was right', () => {
  const known = days(20, 0.1)
  const { values } = ensemble(known, 12, SEASON)!
  const off = values.map((value, step) => Math.abs(value / days(1)[step]! - 1))
  expect(Math.max(...off)).toBeLessThan(0.12)
  expect(ensemble(days(1), 12, SEASON)).toBe(null)
})

test('so large a share of what comes stays below the bound', () => {
  let [below, all] = [0, 0]
  for (let seed = 1; seed <= 12; seed++) {
    const whole = days(21, 0.3, seed)
    const known = whole.subarray(0, 20 * SEASON)
    const { values, ratios } = ensemble(known, 12, SEASON)!
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
  expect(factorAt(ratios, 0.95)).toBe(0.94)
  expect(factorAt([1, 2, 3], 0.95)).toBe(3)
  expect(factorAt([], 0.95)).toBe(1)
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

test('a period is found in noise, and none where there is none', () => {
  expect(periodOf(days(14, 0.3), 2, 4 * SEASON)).toBe(SEASON)
  const { draw: rng } = chanceOf(3)
  expect(
    periodOf(
      Float64Array.from({ length: 600 }, () => rng()),
      2,
      200,
    ),
  ).toBe(null)
  expect(periodOf(new Float64Array(600).fill(5), 2, 200)).toBe(null)
})

test('least squares finds what rows agree on, and gives nothing to what they do not tell of', () => {
  const ridge = new Ridge(3, 1e-9)
  for (let index = 1; index < 9; index++)
    ridge.add(Float64Array.of(index, index * index, 0), 3 * index - index * index)
  const [a, b, c] = ridge.solve()
  expect([a, b, c].map((value) => Math.round(value! * 1000) / 1000)).toEqual([3, -1, 0])
})
