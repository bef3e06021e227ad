import { expect, test } from 'vitest'
import { type CostSeries, compareCosts } from './cost-report.ts'

const HOUR = 3_600_000
const series = (over: Partial<CostSeries> = {}): CostSeries => ({
  stepMs: HOUR,
  have: Float64Array.of(2, 2, 6, 2),
  cost: Float64Array.of(1, 1, 3, 1),
  paidHours: new Float64Array(over.have?.length ?? 4).fill(Number.NaN),
  energy: new Float64Array(4),
  carbon: new Float64Array(4),
  load: { means: Float64Array.of(100, 100, 500, 100), target: 100 },
  min: 1,
  startupMs: HOUR / 2,
  ...over,
})

test('tells the cost beside a fixed fleet, the least, and the bursts alone', () => {
  expect(compareCosts(series())).toEqual({
    knownMs: 4 * HOUR,
    cost: 6,
    serverHours: 12,
    each: 0.5,
    kilowattHours: null,
    carbonGrams: null,
    fixed: { servers: 5, by: 'target', serverHours: 20, cost: 10 },
    // 8 server-hours of load, and half an hour for each of five starts.
    least: { serverHours: 10.5, cost: 5.25 },
    bursts: { usual: 2, serverHours: 4, cost: 2 },
  })
})

test('counts only what is known, and a load that is not known as the one before', () => {
  const have = Float64Array.of(2, Number.NaN, 6, 2)
  const means = Float64Array.of(100, 900, Number.NaN, 100)
  const { knownMs, serverHours, fixed } = compareCosts(series({ have, load: { means, target: 100 } }))
  expect({ knownMs, serverHours }).toEqual({ knownMs: 3 * HOUR, serverHours: 10 })
  expect(fixed.servers).toBe(9)
})

test('without a target a fixed fleet is as large as this one ever was, and nobody knows the least', () => {
  expect(compareCosts(series({ load: null, cost: new Float64Array(4) }))).toMatchObject({
    cost: null,
    each: null,
    fixed: { servers: 6, by: 'most', cost: null },
    least: null,
    bursts: { serverHours: 4, cost: null },
  })
})

test('of nothing tells nothing', () => {
  const none = new Float64Array(0)
  expect(
    compareCosts(series({ have: none, cost: none, energy: none, carbon: none, load: null })),
  ).toMatchObject({
    knownMs: 0,
    serverHours: 0,
    each: null,
    bursts: { usual: 0 },
  })
})
