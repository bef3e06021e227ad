import { expect, test } from 'vitest'
import { EnergyMeter } from './energy.ts'

const HOUR = 3_600_000
const WATTS = { idle: 100, peak: 300 }
const AT = { stepMs: HOUR, startAt: 0 }

test('servers draw what rest takes, and more by the work that they do', () => {
  const meter = new EnergyMeter({ watts: WATTS, carbon: null }, AT)
  meter.add({ now: HOUR, had: 4, busy: 0 })
  meter.add({ now: 2 * HOUR, had: 4, busy: 2 })
  expect(meter.figures).toEqual({ kilowattHours: expect.closeTo(1.2) })
})

test('carbon is that of the hour in which the power is drawn, by the clocks of the fleet', () => {
  const everywhere = Array.from({ length: 24 }, (_, hour) => 10 * hour)
  const carbon = { carbon: { everywhere, zones: {}, perTonne: 0 }, timezone: 'Asia/Shanghai' }
  const meter = new EnergyMeter({ watts: WATTS, carbon }, AT)
  meter.add({ now: HOUR, had: 10, busy: 0 })
  meter.add({ now: 2 * HOUR, had: 10, busy: 0 })
  expect(meter.figures).toEqual({ kilowattHours: 2, carbonGrams: 80 + 90 })
})

test('what only zones tell is no carbon of a run, which has none', () => {
  const zones = { 'cn-hangzhou-h': Array<number>(24).fill(500) }
  const carbon = { carbon: { everywhere: null, zones, perTonne: 0 }, timezone: 'UTC' }
  const meter = new EnergyMeter({ watts: WATTS, carbon }, AT)
  meter.add({ now: HOUR, had: 10, busy: 0 })
  expect(meter.figures).toEqual({ kilowattHours: 1 })
})
