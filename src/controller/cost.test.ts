import { expect, test } from 'vitest'
import { listed, measured, serving } from '../../test/kit/measured.ts'
import { aFleet, NOON } from '../../test/kit/scaling.ts'
import { NO_PRICE, type Spend, usualPerHour } from '../core/cost.ts'
import type { ServerView } from '../core/scaling.ts'
import { SimHistory } from '../simulator/sim-history.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { costOf, costStatus, dearnessIn, nextHeld, nextSpend, spendSamples } from './cost.ts'
import type { Measured } from './measured.ts'
import { EMPTY_MEMORY } from './state.ts'
import { verify } from './verify.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const priced = aFleet({ price: { ...NO_PRICE, perHour: 6 } })
const before: Spend = {
  chargedAt: NOON - MINUTE,
  sinceAt: NOON - 2 * HOUR,
  total: 10,
  serverHours: 5,
  wattHours: 0,
  day: { startAt: 0, amount: 0 },
  month: { startAt: 0, amount: 0 },
  hours: [],
}

function viewOf(over: Partial<Measured>, spend: Spend = before) {
  return verify(
    measured({
      fleet: priced,
      listed: [listed('a'), listed('b')],
      before: new Map([
        ['a', 'serving'],
        ['b', 'serving'],
      ]),
      memory: { ...EMPTY_MEMORY, spend },
      ...over,
    }),
  )
}

test('each server is paid for from the last tick to this one', () => {
  const next = nextSpend(viewOf({}))
  expect(next).toMatchObject({ chargedAt: NOON, sinceAt: before.sinceAt })
  expect(next.total).toBeCloseTo(10 + 2 * 0.1)
  expect(next.serverHours).toBeCloseTo(5 + 2 / 60)
  expect(spendSamples(viewOf({}), next)).toEqual([
    { fleet: 'api', metric: 'cost', at: NOON, value: expect.closeTo(0.2) },
    { fleet: 'api', metric: 'server-hours', at: NOON, value: expect.closeTo(2 / 60) },
  ])
})

test('of ticks that come five times a second the history loses nothing', async () => {
  const clock = new VirtualClock(NOON)
  const history = new SimHistory(clock)
  let spend: Spend = { ...before, chargedAt: NOON, total: 0, serverHours: 0 }
  for (let tick = 0; tick < 300; tick++) {
    await clock.advance(200)
    const view = viewOf({ now: clock.now() }, spend)
    spend = nextSpend(view)
    history.append(spendSamples(view, spend))
  }
  const sumOf = async (metric: string, stepMs: number) => {
    const range = { fromAt: NOON, toAt: NOON + 2 * MINUTE, stepMs }
    const { points } = await history.read({ fleet: 'api', metric, ...range })
    return points.reduce((sum, { mean, count }) => sum + mean * count, 0)
  }
  expect(spend.total).toBeCloseTo(0.2)
  expect(await sumOf('cost', 1000)).toBeCloseTo(spend.total)
  expect(await sumOf('cost', MINUTE)).toBeCloseTo(spend.total)
  expect(await sumOf('server-hours', MINUTE)).toBeCloseTo(spend.serverHours)
})

test('one that a list shows late is paid for from its launch, a failed one no more', () => {
  const late = listed('c', { launchedAt: NOON - 1.5 * MINUTE })
  const failed = listed('b', { phase: 'failed' })
  expect(nextSpend(viewOf({ listed: [listed('a'), late, failed] })).total).toBeCloseTo(10 + 0.1 + 0.15)
})

test('what ran while no controller did is paid for, but for a clock that was wrong', () => {
  const away = (ms: number) =>
    nextSpend(
      viewOf({ before: null, listed: [listed('a', { launchedAt: 0 })] }, { ...before, chargedAt: NOON - ms }),
    )
  expect(away(3 * HOUR).total).toBeCloseTo(10 + 18)
  expect(away(10_000 * HOUR).total).toBeCloseTo(10 + 31 * 24 * 6)
  expect(away(-HOUR)).toMatchObject({ total: 10, chargedAt: NOON })
})

test('a long absence belongs to all its hours', () => {
  const hour = (at: number) => Math.floor(at / HOUR) * HOUR
  const away = { ...before, sinceAt: 0, chargedAt: NOON - 30 * HOUR, hours: [{ startAt: 0, amount: 99 }] }
  const over = { before: null, listed: [listed('a', { launchedAt: 0 })] }
  const next = nextSpend(viewOf({ ...over, now: NOON + 30 * MINUTE }, away))
  expect(next.hours).toHaveLength(25)
  expect(next.hours.at(-1)).toEqual({ startAt: hour(NOON), amount: expect.closeTo(3) })
  expect(usualPerHour(next)).toBeCloseTo(6)
})

test('a new day begins with its own part of what was spent', () => {
  const midnight = Math.floor(NOON / (24 * HOUR)) * 24 * HOUR
  const old = { startAt: midnight - 24 * HOUR, amount: 50 }
  const spend = { ...before, chargedAt: midnight - MINUTE, day: old, month: old }
  const next = nextSpend(viewOf({ now: midnight + MINUTE, listed: [listed('a', { launchedAt: 0 })] }, spend))
  expect(next.total).toBeCloseTo(10 + 0.2)
  expect(next.day).toEqual({ startAt: midnight, amount: expect.closeTo(0.1) })
})

test('remembers no more than a day of hours', () => {
  let spend = before
  for (let hour = 0; hour < 40; hour++) spend = nextSpend(viewOf({ now: NOON + hour * HOUR }, spend))
  expect(spend.hours).toHaveLength(25)
})

test('energy is reckoned by type and CPU', () => {
  const cpu = { ok: true, sample: { at: NOON, value: 0.5 } } as const
  const view = viewOf({ listed: [listed('a', { type: 'ecs.g7.large' })], readings: { cpu } })
  expect(nextSpend(view).wattHours).toBeCloseTo((1.48 + (7 - 1.48) / 2) / 60)
  expect(spendSamples(view, nextSpend(view)).map(({ metric }) => metric)).toEqual([
    'cost',
    'server-hours',
    'energy',
  ])
})

test('amounts begin anew in another currency, and what was spent in the one before is kept', () => {
  const spent = nextSpend(viewOf({}))
  const euros = { fleet: aFleet({ price: { ...NO_PRICE, perHour: 1, currency: 'EUR' } }), now: NOON + MINUTE }
  const next = nextSpend(viewOf(euros, spent))
  expect(next).toMatchObject({
    currency: 'EUR',
    total: expect.closeTo(2 / 60),
    serverHours: expect.closeTo(5 + 4 / 60),
  })
  expect(next.month.amount).toBeCloseTo(2 / 60)
  expect(usualPerHour(next)).toBeCloseTo(2)
  const former = [{ currency: 'CNY', total: expect.closeTo(10.2), untilAt: NOON }]
  expect(next.former).toMatchObject(former)
  expect(costStatus(viewOf(euros, next), next)).toMatchObject({ currency: 'EUR' })
  expect(costStatus(viewOf(euros, next), next)!.former).toEqual(former)
  const later = { ...euros, now: NOON + 2 * MINUTE }
  expect(nextSpend(viewOf(later, next)).former).toEqual(next.former)
})

test('a budget goes on where it ended when its currency is written again', () => {
  const startAt = Math.floor(NOON / (24 * HOUR)) * 24 * HOUR
  const spent = { ...before, currency: 'CNY', total: 140, day: { startAt, amount: 140 } }
  const budget = { per: 'day', amount: 100 } as const
  const fleet = (currency: string) => aFleet({ budget, price: { ...NO_PRICE, perHour: 6, currency } })
  const euros = nextSpend(viewOf({ fleet: fleet('EUR') }, spent))
  expect(euros.day.amount).toBeCloseTo(0.2)
  const back = viewOf({ fleet: fleet('CNY'), now: NOON + MINUTE }, euros)
  expect(back.cost!.budget!.spent).toBe(140)
  const next = nextSpend(back)
  expect([next.total, next.day.amount]).toEqual([expect.closeTo(140.2), expect.closeTo(140.2)])
  expect(costStatus(back, next)!.former).toEqual([
    { currency: 'EUR', total: expect.closeTo(0.2), untilAt: NOON },
  ])
  expect(next.former!.map(({ currency, untilAt }) => [currency, untilAt])).toEqual([
    ['EUR', NOON],
    ['CNY', NOON - MINUTE],
  ])
})

test('an hour costs what it has in its own currency, also when nothing was spent in the one before', () => {
  const unpriced = nextSpend(viewOf({ fleet: aFleet() }, { ...before, currency: 'CNY', total: 0 }))
  const fleet = aFleet({ price: { ...NO_PRICE, perHour: 1, currency: 'EUR' } })
  const next = nextSpend(viewOf({ fleet, now: NOON + MINUTE }, unpriced))
  expect(usualPerHour(next)).toBeCloseTo(2)
  expect(costStatus(viewOf({ fleet }, next), next)!.former).toEqual([])
})

test('carbon is power times what a kWh makes where a server stands, in its own sum', () => {
  const carbon = {
    everywhere: Array<number>(24).fill(500),
    zones: { b: Array<number>(24).fill(100) },
    perTonne: 70,
  }
  const fleet = aFleet({ watts: { idle: 600, peak: 600 }, carbon })
  const view = viewOf({ fleet, listed: [listed('a', { zone: 'a' }), listed('b', { zone: 'b' })] })
  const next = nextSpend(view)
  expect(next.grams).toBeCloseTo(10 * 0.5 + 10 * 0.1)
  expect(next.total).toBe(before.total)
  expect(costStatus(view, next)!.carbonGrams).toBe(next.grams)
  expect(spendSamples(view, next)).toContainEqual({
    fleet: 'api',
    metric: 'carbon',
    at: NOON,
    value: next.grams,
  })
  expect(nextSpend(viewOf({ fleet: priced })).grams).toBeUndefined()
})

test('who leaves first costs most, with what its carbon counts for', () => {
  const carbon = (perTonne: number) => ({
    everywhere: Array<number>(24).fill(200),
    zones: { b: Array<number>(24).fill(1000) },
    perTonne,
  })
  const fleet = (perTonne: number) => aFleet({ watts: { idle: 1000, peak: 1000 }, carbon: carbon(perTonne) })
  const dearness = (perTonne: number) => {
    const dearnessOf = dearnessIn(viewOf({ fleet: fleet(perTonne) }))
    return [serverOf('a', 1.02), serverOf('b', 1)].map((server) => dearnessOf(server))
  }
  const serverOf = (zone: string, price: number) => ({ ...listed(zone, { zone, price }) }) as ServerView
  expect(dearness(0)).toEqual([
    { price: 1.02, grams: 200 },
    { price: 1, grams: 1000 },
  ])
  expect(dearness(70)[1]!.price).toBeCloseTo(1.07)
})

test('decisions see the mean price, and of a budget what is spent and to be expected', () => {
  const dear = [listed('a', { price: 1 }), listed('b', { price: 2 })]
  expect(costOf(measured({ listed: dear }))).toEqual({ each: 1.5, perHour: 3, budget: null })
  expect(costOf(measured({ listed: [listed('a')] }))).toBe(null)
  expect(costOf(measured({ fleet: priced }))).toEqual({ each: 6, perHour: 0, budget: null })
  const fleet = { ...priced, budget: { per: 'day', amount: 100 } as const }
  const startAt = Math.floor(NOON / (24 * HOUR)) * 24 * HOUR
  const spend = { ...before, day: { startAt, amount: 40 }, hours: [{ startAt: before.sinceAt, amount: 10 }] }
  const memory = { ...EMPTY_MEMORY, spend }
  const { budget } = costOf(measured({ fleet, memory }))!
  expect(budget).toMatchObject({ spent: 40, endAt: startAt + 24 * HOUR })
  const hoursLeft = (startAt + 24 * HOUR - spend.chargedAt) / HOUR
  expect(budget!.expected).toBeCloseTo(40 + (hoursLeft * 10) / (119 / 60))
})

test('a budget counts also while no server is there that has a price', () => {
  const fleet = aFleet({ budget: { per: 'day', amount: 100 } })
  const startAt = Math.floor(NOON / (24 * HOUR)) * 24 * HOUR
  const memory = { ...EMPTY_MEMORY, spend: { ...before, day: { startAt, amount: 140 } } }
  expect(costOf(measured({ fleet, memory }))).toMatchObject({ each: null, budget: { spent: 140 } })
  const view = verify(measured({ fleet, memory }))
  expect(costStatus(view, memory.spend)).toMatchObject({ each: null, perHour: null })
  expect(spendSamples(view, nextSpend(view))).toEqual([])
})

test('remembers how many there were when the budget ran out, less those that were let go', () => {
  const fleet = { ...priced, budget: { per: 'day', amount: 100 } as const }
  const startAt = Math.floor(NOON / (24 * HOUR)) * 24 * HOUR
  const held = (budgetHeld: number | null, have: number, want: number, over = {}, amount = 100) => {
    const memory = { ...EMPTY_MEMORY, budgetHeld, spend: { ...before, day: { startAt, amount } } }
    return nextHeld(verify(measured({ fleet, memory, ...over })), { have, want })
  }
  expect(held(null, 6, 6)).toBe(6)
  expect(held(null, 4, 10)).toBe(4)
  expect(held(6, 5, 6)).toBe(6)
  expect(held(6, 6, 3)).toBe(3)
  expect(held(6, 0, 0, { blind: ['fleet: no answer'] })).toBe(6)
  expect(held(6, 6, 6, {}, 99)).toBe(null)
})

test('people see which servers have no price', () => {
  const view = serving(['a', 'b'], { listed: [listed('a', { price: 2 }), listed('b')] })
  expect(costStatus(view, nextSpend(view))).toMatchObject({ each: 2, perHour: 2, unpriced: 1, budget: null })
  expect(costStatus(null, null)).toBe(null)
})
