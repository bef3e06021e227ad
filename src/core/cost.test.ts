import { expect, test } from 'vitest'
import {
  expectedBy,
  meanPrice,
  NO_PRICE,
  type PriceSpec,
  pricesAt,
  type Spend,
  spanOf,
  usualFromMs,
  usualPerHour,
} from './cost.ts'

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const HOUR = 3_600_000

test('what a driver knows counts, then the type, then what every server costs', () => {
  const spec: PriceSpec = { ...NO_PRICE, perHour: 1, types: { big: 4 }, spotRatio: 0.25 }
  const priceOf = pricesAt(spec, 0)
  expect(priceOf({ price: 0.3, type: 'big' })).toBe(0.3)
  expect(priceOf({ type: 'big' })).toBe(4)
  expect(priceOf({ type: 'big', spot: true })).toBe(1)
  expect(priceOf({ type: 'other' })).toBe(1)
  expect(pricesAt(NO_PRICE, 0)({ type: 'big' })).toBe(null)
})

test('a night passes midnight, by the clocks of its zone', () => {
  const night = { fromHour: 22, untilHour: 8, factor: 0.5 }
  const spec: PriceSpec = { ...NO_PRICE, perHour: 1, night, timezone: 'Asia/Shanghai' }
  const hours = ['13:59', '14:00', '23:59', '00:00'].map((time) => at(`2026-03-01T${time}:00Z`))
  expect(hours.map((hour) => pricesAt(spec, hour)({}))).toEqual([1, 0.5, 0.5, 1])
  const noon = { ...spec, night: { fromHour: 12, untilHour: 13, factor: 2 }, timezone: 'UTC' }
  expect(['11:59', '12:30', '13:00'].map((time) => pricesAt(noon, at(`2026-03-01T${time}:00Z`))({}))).toEqual(
    [1, 2, 1],
  )
})

test('over whole days a night counts by its hours', () => {
  const night = { fromHour: 22, untilHour: 8, factor: 0.5 }
  expect(meanPrice({ ...NO_PRICE, perHour: 2.4, night })).toBeCloseTo(2.4 * (19 / 24))
  expect(meanPrice({ ...NO_PRICE, types: { big: 4, small: 1 } })).toBe(4)
  expect(meanPrice(NO_PRICE)).toBe(null)
})

test('days and months are those of the zone, also when a day has 23 hours', () => {
  const now = at('2026-03-31T20:00:00Z')
  expect(spanOf('month', now, 'UTC')).toEqual({
    startAt: at('2026-03-01T00:00:00Z'),
    endAt: at('2026-04-01T00:00:00Z'),
  })
  expect(spanOf('month', now, 'Asia/Shanghai').startAt).toBe(at('2026-03-31T16:00:00Z'))
  const short = spanOf('day', at('2026-03-29T12:00:00Z'), 'Europe/Berlin')
  expect((short.endAt - short.startAt) / HOUR).toBe(23)
})

test('what is to come goes on as in the hours that are known', () => {
  const none = { startAt: 0, amount: 0 }
  const spend: Spend = {
    chargedAt: 10 * HOUR,
    sinceAt: 8.5 * HOUR,
    total: 3,
    serverHours: 3,
    wattHours: 0,
    day: none,
    month: none,
    hours: [
      { startAt: 8 * HOUR, amount: 1 },
      { startAt: 9 * HOUR, amount: 2 },
    ],
  }
  expect([usualFromMs(spend), usualPerHour(spend)]).toEqual([1.5 * HOUR, 2])
  expect(usualPerHour({ ...spend, sinceAt: spend.chargedAt })).toBe(null)
  expect(expectedBy(14 * HOUR, 3, spend)).toBe(11)
  const since = (ms: number) => expectedBy(14 * HOUR, 3, { ...spend, sinceAt: spend.chargedAt - ms })
  expect([since(HOUR), since(HOUR - 1), expectedBy(14 * HOUR, 3, null)]).toEqual([15, null, null])
})
