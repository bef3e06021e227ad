import { expect, test } from 'vitest'
import type { Field } from './field.ts'
import { leastTime } from './least-time.ts'
import { PeakEwma } from './peak-ewma.ts'

function fieldOf(
  latencies: readonly number[],
  inFlight: readonly number[] = [],
  weights: readonly number[] = [],
): Field {
  return {
    size: latencies.length,
    generation: 1,
    totalInFlight: 0,
    weight: (i) => weights[i] ?? 100,
    steadyWeight: (i) => weights[i] ?? 100,
    inFlight: (i) => inFlight[i] ?? 0,
    latency: (i) => latencies[i]!,
    identity: (i) => i,
  }
}

/** Draws 0 and 1 by turns, so both members of two are always compared. */
function turns(): () => number {
  let next = 0
  return () => (next++ % 2 === 0 ? 0 : 0.99)
}

const pick = (field: Field) => leastTime(turns()).pick(field, null, 0)

test('of two members the one that will have answered first', () => {
  expect(pick(fieldOf([20, 10]))).toBe(1)
  expect(pick(fieldOf([20, 10], [0, 2]))).toBe(0)
  expect(pick(fieldOf([20, 10], [0, 2], [10, 100]))).toBe(1)
})

test('who has never answered is asked once, and then waited for', () => {
  expect(pick(fieldOf([10, 0]))).toBe(1)
  expect(pick(fieldOf([10, 0], [0, 1]))).toBe(0)
})

test('the estimate rises at once and falls with time', () => {
  const ewma = new PeakEwma()
  ewma.observe(10, false, 0)
  expect(ewma.read(0)).toBe(10)
  ewma.observe(50, false, 0)
  expect(ewma.read(0)).toBe(50)
  ewma.observe(10, false, 10_000)
  expect(ewma.read(10_000)).toBeGreaterThan(10)
  expect(ewma.read(10_000)).toBeLessThan(50)
  expect(ewma.read(60_000)).toBeLessThan(1)
})

test('an error never makes a member look fast', () => {
  const ewma = new PeakEwma()
  ewma.observe(10, false, 0)
  ewma.observe(1, true, 0)
  expect(ewma.read(0)).toBe(2000)
  ewma.observe(1, true, 0)
  expect(ewma.read(0)).toBe(4000)
})

test('who hangs is slow before the answer comes', () => {
  const ewma = new PeakEwma()
  ewma.observe(10, false, 0)
  ewma.begin(1000)
  expect(ewma.read(4000)).toBe(3000)
  ewma.end(1000)
  expect(ewma.read(4000)).toBeLessThan(10)
})
