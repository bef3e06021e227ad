import { expect, test } from 'vitest'
import { resampled, scaledTo, type Trace } from './trace.ts'

const aTrace = (values: readonly number[], stepMs = 60_000): Trace => ({
  startAt: 0,
  stepMs,
  values: Float64Array.from(values),
})

test('finer steps hold the value of the step that they lie in', () => {
  expect([...resampled(aTrace([6, 12]), 15_000).values]).toEqual([6, 6, 6, 6, 12, 12, 12, 12])
})

test('coarser steps have the mean, by time where steps do not meet', () => {
  expect([...resampled(aTrace([6, 12, 0, 2]), 120_000).values]).toEqual([9, 1])
  expect([...resampled(aTrace([6, 12, 0]), 90_000).values]).toEqual([8, 4])
})

test('is scaled to a peak', () => {
  expect([...scaledTo(aTrace([1, 4, 2]), 100).values]).toEqual([25, 100, 50])
  expect([...scaledTo(aTrace([0, 0]), 100).values]).toEqual([0, 0])
})
