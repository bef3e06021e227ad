import { expect, test } from 'vitest'
import { billingOf } from './billing.ts'
import { clbHourly } from './clb-price.ts'

const trace = (...mbit: number[]) => ({ stepMs: 60_000, values: Float64Array.from(mbit, (one) => one * 1e6) })

test('bandwidth is paid as the documentation has it: 20 Mbit/s are 2.32 an hour with the instance', () => {
  const paid = { specification: 'slb.s1.small', address: 'internet', bandwidth: 20 } as const
  expect(clbHourly(paid)).toBeCloseTo(2.32)
  expect(billingOf(trace(20), 0).byBandwidth).toEqual({ mbit: 20, cost: expect.closeTo(2.3 * 730) })
})

test('traffic that is mostly low favours traffic, even traffic bandwidth', () => {
  const even = billingOf(trace(10, 10, 10, 20), 0)
  expect(even).toMatchObject({ meanMbit: 12.5, peakMbit: 20, cheaper: 'bandwidth' })
  const low = billingOf(trace(...Array.from({ length: 99 }, () => 1), 100), 0)
  expect(low.cheaper).toBe('traffic')
  // 1.99 Mbit/s are 0.8955 GB an hour.
  expect(low.byTraffic.gb).toBeCloseTo(0.8955 * 730)
  expect(low.byTraffic.cost).toBeCloseTo(0.8955 * 730 * 0.8)
})

test('both cost the same where the mean is the share that it tells', () => {
  const { evenAt, byBandwidth } = billingOf(trace(20), 0)
  const even = billingOf(trace(20, 40 * evenAt - 20), 0)
  expect(even.byTraffic.cost).toBeCloseTo(byBandwidth.cost)
})

test('buys more than the peak by so much, in whole Mbit/s', () => {
  expect(billingOf(trace(10), 0.2).byBandwidth.mbit).toBe(12)
  expect(billingOf(trace(10.1), 0).byBandwidth.mbit).toBe(11)
  expect(billingOf(trace(0), 0)).toMatchObject({ byBandwidth: { mbit: 1 }, cheaper: 'traffic' })
})
