import { expect, test } from 'vitest'
import { Meter } from './meter.ts'

function aMeter(rps: readonly number[]): Meter {
  const meter = new Meter(15_000, rps.length)
  for (const value of rps) meter.record({ rps: value, cpu: value / 100, served: value, inFlight: value * 2 })
  return meter
}

test('means over a window, now and ago', () => {
  const meter = aMeter([10, 20, 30, 40])
  expect(meter.mean('rps', 30_000)).toBe(35)
  expect(meter.mean('cpu', 15_000)).toBeCloseTo(0.4)
  expect(meter.mean('inFlight', 30_000, 15_000)).toBe(50)
})

test('at the beginning it tells what there is, or that there is nothing', () => {
  expect(aMeter([10, 20]).mean('rps', 600_000)).toBe(15)
  expect(aMeter([10]).mean('rps', 60_000, 15_000)).toBeNull()
  expect(aMeter([]).mean('rps', 60_000)).toBeNull()
})

test('tells the highest of a window that has been', () => {
  const meter = aMeter([10, 40, 20, 30])
  expect(meter.highest('rps', 30_000, 30_000)).toBe(40)
  expect(meter.highest('rps', 30_000, 0)).toBe(30)
  expect(meter.highest('rps', 45_000, 30_000)).toBeNull()
})

test('a service tells whole periods, and late', () => {
  const minutes = { periodMs: 60_000, delayMs: 0 }
  const meter = aMeter([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3])
  expect(meter.points('rps', minutes, 5)).toEqual([2, 1])
  expect(meter.points('rps', minutes, 1)).toEqual([2])
  expect(meter.points('rps', { ...minutes, delayMs: 60_000 }, 5)).toEqual([1])
  expect(aMeter([1, 1]).points('rps', minutes, 5)).toEqual([])
})

test('tells only whole periods, late, and never those that were lost', () => {
  const lost = [0.9, 0.01, 0.9]
  const meter = new Meter(15_000, 12, { delayMs: 15_000, periodMs: 60_000, loss: 0.05 }, () => lost.shift()!)
  const tell = (rps: number) => meter.record({ rps, cpu: 0, served: 0, inFlight: 0 })
  for (let step = 0; step < 4; step++) tell(10)
  expect([meter.ageMs, meter.mean('rps', 60_000)]).toEqual([null, null])
  tell(20)
  expect([meter.ageMs, meter.mean('rps', 60_000)]).toEqual([15_000, 10])
  for (let step = 0; step < 4; step++) tell(30)
  expect(meter.mean('rps', 60_000)).toBeNull()
  expect(meter.mean('rps', 120_000)).toBe(10)
  expect(meter.points('rps', { periodMs: 60_000, delayMs: 0 }, 2)).toEqual([10])
})
