import { expect, test } from 'vitest'
import type { LoadSeries } from '../../core/forecast.ts'
import { type Lesson, learn, worthOf } from './worth.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = 20_000 * DAY
const NOW = START + 9 * DAY + 12 * HOUR
const SPAN = { now: NOW, aheadMs: 2 * MINUTE }

/** Steps of 5 minutes until `untilAt`. */
function load(valueAt: (at: number) => number, untilAt = NOW): LoadSeries {
  const stepMs = 5 * MINUTE
  const means = Float64Array.from({ length: (untilAt - START) / stepMs }, (_, index) =>
    valueAt(START + index * stepMs),
  )
  return { startAt: START, stepMs, means, peaks: means.slice() }
}

/** Park and Miller's; what it draws is always the same. */
function chances(): () => number {
  let seed = 1
  return () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
}

function worth(series: LoadSeries): number {
  const lesson = learn(series, SPAN)
  expect(lesson).not.toBe(null)
  return worthOf(series, SPAN, lesson as Lesson)!
}

test('a load that never surprises needs little more than itself', () => {
  const ready = worth(load(() => 100))
  expect(ready).toBeGreaterThan(85)
  expect(ready).toBeLessThan(105)
})

test('one whose rushes come at no time of the day is worth room for some of them', () => {
  const rng = chances()
  const rough = Array.from({ length: 3_000 }, () => (rng() < 0.1 ? 180 : 100))
  rough[(NOW - START) / (5 * MINUTE) - 1] = 100
  const at = (instant: number) => rough[(instant - START) / (5 * MINUTE)] ?? 100
  expect(worth(load(at))).toBeGreaterThan(1.2 * worth(load(() => 100)))
})

test('a rush that comes a quarter of an hour earlier or later each day is worth room around its time', () => {
  const shifts = [15, -15, 15, -10, 0, 20, -15, 15, -15, 20].map((minutes) => minutes * MINUTE)
  const at = (instant: number) => {
    const day = Math.floor((instant - START) / DAY)
    const into = instant - START - day * DAY - 12 * HOUR - shifts[day]!
    return into >= 0 && into < 10 * MINUTE ? 300 : 100
  }
  const span = { ...SPAN, now: NOW - 6 * HOUR }
  const morning = load(at, span.now)
  const before = worthOf(morning, span, learn(morning, span) as Lesson)!
  expect(worth(load(at))).toBeGreaterThan(1.2 * before)
})

test('nobody is ready for much more than has ever come', () => {
  const rng = chances()
  const ready = worth(load(() => (rng() < 0.5 ? 10 : 1000)))
  expect(ready).toBeLessThanOrEqual(1.07 * 1000)
})

test('the same load in other numbers is worth the same', () => {
  const shape = (at: number) => 100 + 40 * Math.sin(at / HOUR) + 30 * Math.abs(Math.sin(at / 77_777_777))
  expect(worth(load((at) => 1000 * shape(at))) / worth(load(shape))).toBeCloseTo(1000, 3)
})

test('what comes later changes neither the lesson nor what is made of it', () => {
  const shape = (at: number) => 100 + 50 * Math.sin(at / HOUR) + (Math.floor(at / HOUR) % 7)
  const known = load(shape)
  const later = load((at) => (at < NOW ? shape(at) : 1e9), NOW + DAY)
  expect(learn(later, SPAN)).toEqual(learn(known, SPAN))
  const lesson = learn(known, SPAN) as Lesson
  expect(worthOf(later, SPAN, lesson)).toBe(worthOf(known, SPAN, lesson))
})

test('a day, gaps, or nothing at all teach nothing', () => {
  const newest = (days: number) => load((at) => (at < NOW - days * DAY ? Number.NaN : 100))
  expect(learn(newest(2), SPAN)).toBe(null)
  expect(learn(newest(4), SPAN)).toMatchObject({ days: 3, highest: 100 })
  expect(
    learn(
      load(() => 0),
      SPAN,
    ),
  ).toBe(null)
  const now = load((at) => (at < NOW - HOUR ? 100 : Number.NaN))
  expect(worthOf(now, SPAN, learn(now, SPAN) as Lesson)).toBe(null)
})

test('a step that has only begun and has no point yet changes nothing; two without are too many', () => {
  const shape = (at: number) => 100 + 50 * Math.sin(at / HOUR)
  const series = load(shape)
  const lesson = learn(series, SPAN) as Lesson
  const begun = { now: NOW + 20_000, aheadMs: SPAN.aheadMs }
  const gaps = (steps: number) =>
    load((at) => (at < NOW - (steps - 1) * 5 * MINUTE ? shape(at) : Number.NaN), NOW + 5 * MINUTE)
  const ready = worthOf(gaps(1), begun, lesson)!
  expect(ready / worthOf(series, SPAN, lesson)!).toBeCloseTo(1, 1)
  expect(worthOf(gaps(2), begun, lesson)).toBe(null)
})
