import { expect, test } from 'vitest'
import { LoadLog } from './load-log.ts'

const STEP = 300_000

test('sums up what lies in a step, leaves gaps, and keeps fifteen days', () => {
  const log = new LoadLog(10 * STEP)
  for (let second = 0; second < 20; second++) log.add(10 * STEP + second * 15_000, second)
  log.add(12 * STEP, 7)
  expect(log.series).toEqual({
    startAt: 10 * STEP,
    stepMs: STEP,
    means: Float64Array.of(9.5, Number.NaN, 7),
    peaks: Float64Array.of(18, Number.NaN, 7),
  })
  log.add(10 * STEP + 5000 * STEP, 1)
  expect(log.series.startAt).toBe((10 + 5001 - 15 * 288) * STEP)
  expect(log.series.means.length).toBe(15 * 288)
})
