import { expect, test } from 'vitest'
import type { LoadSeries } from '../../core/forecast.ts'
import { outlookOf } from './outlook.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOW = 20_000 * DAY + 12 * HOUR

/** Eight days in steps of 5 minutes until `untilAt`. */
function load(valueAt: (at: number) => number, untilAt = NOW): LoadSeries {
  const startAt = NOW - 8 * DAY
  const stepMs = 5 * MINUTE
  const instants = Array.from(
    { length: (untilAt - startAt) / stepMs },
    (_, index) => startAt + index * stepMs,
  )
  const means = Float64Array.from(instants, valueAt)
  return { startAt, stepMs, means, peaks: means.map((value) => value + 1) }
}

test('tells the highest of the time ahead on days before, and the load before that', () => {
  const noonOf = (ago: number) => NOW - ago * DAY
  const series = load((at) => {
    if (at === noonOf(1) + 5 * MINUTE) return 50
    if (at === noonOf(2) + 2 * HOUR) return 900
    if (at >= noonOf(7) - 30 * MINUTE && at < noonOf(7)) return 20
    return 10
  })
  expect(outlookOf(series, NOW, 4 * MINUTE)).toEqual({
    madeAt: NOW,
    aheadMs: 4 * MINUTE,
    recent: 10,
    precedents: [
      { agoMs: DAY, before: 10, peak: 51 },
      { agoMs: 2 * DAY, before: 10, peak: 11 },
      { agoMs: 7 * DAY, before: 20, peak: 21 },
    ],
  })
})

test('a day that nobody measured is no precedent, and a gap in one is passed over', () => {
  const yesterday = load((at) => {
    if (at < NOW - 2 * DAY + HOUR || at === NOW - DAY) return Number.NaN
    return 10
  })
  const { precedents } = outlookOf(yesterday, NOW, 10 * MINUTE)
  expect(precedents).toEqual([{ agoMs: DAY, before: 10, peak: 11 }])
  expect(
    outlookOf(
      load(() => Number.NaN),
      NOW,
      HOUR,
    ),
  ).toMatchObject({ recent: null, precedents: [] })
})

test('what comes later changes nothing', () => {
  const shape = (at: number) => 100 + 50 * Math.sin(at / HOUR)
  const known = load(shape)
  const later = load((at) => (at < NOW ? shape(at) : 1e9), NOW + DAY)
  for (const aheadMs of [MINUTE, HOUR, 26 * HOUR])
    expect(outlookOf(later, NOW, aheadMs)).toEqual(outlookOf(known, NOW, aheadMs))
})
