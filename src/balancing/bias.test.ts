import { expect, test } from 'vitest'
import type { WeightSpec } from '../core/weights.ts'
import { type Bias, NEW_BIAS, nextBiases, type Reading, rttMax } from './bias.ts'

const RTT: WeightSpec = { policy: 'rtt', rttMaxMs: 200 }
const LINEAR: WeightSpec = { policy: 'linear', rttMaxMs: null }
const CAPACITY: WeightSpec = { policy: 'capacity', rttMaxMs: null }
const SECOND = { elapsed: 1000, frozen: false }
const reading = (ms: number, bad = 0, answers = 100): Reading => ({
  answers,
  sumMs: ms * answers,
  bad,
  inFlight: 0,
})

function after(
  seconds: number,
  readings: readonly Reading[],
  spec: WeightSpec,
  frozen = false,
): readonly Bias[] {
  let biases: readonly Bias[] = readings.map(() => NEW_BIAS)
  for (let at = 0; at < seconds; at++) biases = nextBiases(biases, readings, spec, { ...SECOND, frozen })
  return biases
}
const factors = (biases: readonly Bias[]) => biases.map(({ factor }) => Number(factor.toFixed(3)))

test('a slow member gets less and a fast one more, in steps and within bounds', () => {
  const readings = [reading(20), reading(20), reading(150), reading(1)]
  expect(factors(after(1, readings, RTT))).toEqual([1, 1, 0.95, 1.03])
  for (const spec of [RTT, LINEAR, CAPACITY]) {
    const [even, , slow, fast] = factors(after(60, readings, spec))
    expect(even).toBe(1)
    expect(slow).toBeLessThan(0.7)
    expect(slow).toBeGreaterThanOrEqual(0.5)
    expect(fast).toBeGreaterThan(1)
    expect(fast).toBeLessThanOrEqual(1.2)
  }
})

test('when all become slow nothing changes, whatever the limit says', () => {
  const slow = [reading(900), reading(900), reading(900)]
  for (const spec of [RTT, LINEAR, CAPACITY]) expect(factors(after(60, slow, spec))).toEqual([1, 1, 1])
  expect(rttMax(RTT, 900)).toBe(1800)
  expect(rttMax(RTT, 20)).toBe(200)
  expect(rttMax({ policy: 'rtt', rttMaxMs: null }, 20)).toBe(80)
  expect(rttMax(LINEAR, 20)).toBe(100)
  expect(rttMax(CAPACITY, 20)).toBeNull()
})

test('errors are not fast answers', () => {
  const readings = [reading(20), reading(20), reading(1, 100)]
  for (const spec of [RTT, LINEAR]) expect(factors(after(60, readings, spec))).toEqual([1, 1, 1])
  expect(factors(after(60, readings, CAPACITY))).toEqual([1, 1, 0.5])
})

test('small differences, few answers and a frozen pool change nothing', () => {
  expect(factors(after(60, [reading(20), reading(20), reading(22)], RTT))).toEqual([1, 1, 1])
  expect(factors(after(1, [reading(20), reading(20), reading(150, 0, 19)], RTT))).toEqual([1, 1, 1])
  expect(factors(after(2, [reading(20), reading(20), reading(150, 0, 19)], RTT))).toEqual([1, 1, 0.95])
  expect(factors(after(60, [reading(20), reading(20), reading(150)], RTT, true))).toEqual([1, 1, 1])
})

test('what was learned fades with time, not with answers', () => {
  const before = after(60, [reading(20), reading(20), reading(100)], RTT)
  const [, , later] = nextBiases(before, [reading(20), reading(20), reading(20)], RTT, {
    elapsed: 10_000,
    frozen: false,
  })
  expect(later?.value).toBeCloseTo(20 + 80 / Math.E, 5)
})
