import { expect, test } from 'vitest'
import { arrivalLoad, type InFlightSeries } from './arrival-load.ts'

const series = (over: Partial<InFlightSeries> = {}): InFlightSeries => ({
  stepMs: 10_000,
  // 100 ms each; then 50 a second arrive at 2 servers that end 40.
  inFlight: Float64Array.of(4, 4, 300, 500, Number.NaN),
  rps: Float64Array.of(40, 40, 50, 50, 50),
  serving: Float64Array.of(2, 2, 2, 2, 2),
  target: 2,
  ...over,
})

test('a queue is no load: what arrives is, times as long as a request takes where none waits', () => {
  expect([...arrivalLoad(series())]).toEqual([4, 4, 5, 5, Number.NaN])
})

test('a fleet that never was within its target is taken by its quickest step', () => {
  const never = series({ inFlight: Float64Array.of(8, 80), rps: Float64Array.of(40, 80) })
  expect([...arrivalLoad(never)]).toEqual([8, 16])
})

test('more requests that take no longer are load, and so are those that last longer than a step', () => {
  const more = series({ inFlight: Float64Array.of(4, 40), rps: Float64Array.of(40, 400) })
  expect([...arrivalLoad(more)]).toEqual([4, 40])
  const long = series({ inFlight: Float64Array.of(4, 40), rps: Float64Array.of(0.1, 0.1) })
  expect([...arrivalLoad(long)]).toEqual([4, 40])
})

test('before any server serves all of it waits', () => {
  const cold = series({
    rps: new Float64Array(5).fill(40),
    serving: Float64Array.of(Number.NaN, 2, 2, 2, 2),
    inFlight: Float64Array.of(90, 4, 4, 4, 4),
  })
  expect(arrivalLoad(cold)[0]).toBeCloseTo(4)
})
