import { expect, test } from 'vitest'
import type { LoadSeries } from '../../core/forecast.ts'
import { forecastOf as foretell } from './forecast.ts'

const STEP = 300_000
const DAY = 86_400_000

const forecastOf = (load: LoadSeries, now: number, aheadMs: number) =>
  foretell(load, { now, aheadMs }, null)?.forecast ?? null

/** A wave of a day between 50 and 150. */
function load(days: number, over: (at: number) => number = () => 0): LoadSeries {
  const startAt = 20_000 * DAY
  const values = Float64Array.from({ length: days * 288 }, (_, index) => {
    const at = startAt + index * STEP
    return 100 - 50 * Math.cos((2 * Math.PI * index) / 288) + over(at)
  })
  return { startAt, stepMs: STEP, means: values, peaks: values }
}

test('tells the highest load until servers serve, from what is over now', () => {
  const series = load(14)
  const now = series.startAt + 13.25 * DAY + 60_000
  const forecast = forecastOf(series, now, 30 * 60_000)!
  expect(forecast.expected).toBeGreaterThan(103)
  expect(forecast.expected).toBeLessThan(112)
  expect(forecast.high).toBeGreaterThanOrEqual(forecast.expected * 0.98)
})

test('what comes later, the step that goes on too, changes nothing', () => {
  const now = load(1).startAt + 12.5 * DAY + 60_000
  const later = load(14, (at) => (at > now - STEP ? 1e6 : 0))
  expect(forecastOf(later, now, 10 * 60_000)).toEqual(forecastOf(load(14), now, 10 * 60_000))
})

test('does not guess from nothing', () => {
  const empty = { ...load(1), means: new Float64Array(0), peaks: new Float64Array(0) }
  expect(forecastOf(empty, empty.startAt, DAY)).toBe(null)
  const gaps = load(3, () => Number.NaN)
  expect(forecastOf(gaps, gaps.startAt + 3 * DAY, 60_000)).toBe(null)
})
