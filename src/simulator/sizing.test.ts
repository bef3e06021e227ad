import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SizingOptions, sizingOf } from './sizing.ts'

const OPTIONS: SizingOptions = {
  qps: 100_000,
  server: { slots: 16, capacity: 5_000 },
  target: 0.7,
  limit: 0.9,
  growth: 0,
  startupMs: 120_000,
  zones: 3,
  objectiveMs: 250,
}
const serversOf = (over: Partial<SizingOptions>) => {
  const { busy, target, growth, zones, lost } = sizingOf({ ...OPTIONS, ...over })
  return [busy, target, growth, zones, lost].map((size) => size?.servers ?? null)
}

test('a load needs what it keeps busy, what it is to be spared, what it grows by, and what a zone takes away', () => {
  expect(serversOf({})).toEqual([20, 29, 29, 35, 23])
  expect(serversOf({ growth: 0.2 })).toEqual([20, 29, 32, 35, 23])
  expect(serversOf({ growth: 1 })).toEqual([20, 29, 89, 89, 59])
  expect(serversOf({ zones: 2 })).toEqual([20, 29, 29, 46, 23])
  expect(serversOf({ zones: 1 })).toEqual([20, 29, 29, null, null])
  expect(serversOf({ qps: 1 })).toEqual([1, 1, 1, 2, 1])
})

test('tells how far they are used, and who is late then', () => {
  const { busy, target, lost } = sizingOf({ ...OPTIONS, server: { slots: 1, capacity: 10 }, qps: 70 })
  expect(busy).toEqual({ servers: 7, used: 1, late: 1 })
  // M/M/1: rho exp(-(mu - lambda) t).
  expect(target.servers).toBe(10)
  expect(target.late).toBeCloseTo(0.7 * Math.exp(-3 * 0.25), 10)
  expect(lost!.used).toBeCloseTo(70 / (lost!.servers * 10), 10)
})

test('one server less would be too few, whatever is asked', () => {
  const drawn = fc.record({
    qps: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
    capacity: fc.double({ min: 1, max: 1e4, noNaN: true }),
    zones: fc.integer({ min: 2, max: 9 }),
    growth: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(drawn, ({ qps, capacity, zones, growth }) => {
      const options = { ...OPTIONS, qps, zones, growth, server: { slots: 8, capacity } }
      const { growth: grown, zones: spread, lost } = sizingOf(options)
      const isEnough = (servers: number) =>
        (servers - Math.ceil(servers / zones)) * capacity * options.limit >= qps * (1 - 1e-9)
      expect(isEnough(spread!.servers)).toBe(true)
      expect(lost!.servers).toBe(spread!.servers - Math.ceil(spread!.servers / zones))
      if (spread!.servers > grown.servers) expect(isEnough(spread!.servers - 1)).toBe(false)
    }),
  )
})
