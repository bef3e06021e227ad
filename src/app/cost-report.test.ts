import { expect, test } from 'vitest'
import { untranslated } from '../../test/kit/chinese.ts'
import { aFleet, aTarget, NOON } from '../../test/kit/scaling.ts'
import { SimHistory } from '../simulator/sim-history.ts'
import { VirtualClock } from '../simulator/virtual-clock.ts'
import { costReport } from './cost-report.ts'

const HOUR = 3_600_000
const TICK = 10_000

/** Two hours of a tick each ten seconds: two servers at 3.6 an hour, six in the second hour. */
async function twoHours(paid: number | null = null) {
  const clock = new VirtualClock(NOON)
  const history = new SimHistory(clock)
  const about = { fleet: 'api' }
  for (let at = NOON; at < NOON + 2 * HOUR; at += TICK) {
    const servers = at < NOON + HOUR ? 2 : 6
    await clock.advance(TICK)
    history.append([
      { ...about, metric: 'have', at, value: servers },
      { ...about, metric: 'serving', at, value: servers },
      { ...about, metric: 'in-flight', at, value: servers * 8 },
      { ...about, metric: 'cost', at, value: servers * 0.01 },
      { ...about, metric: 'energy', at, value: servers },
      ...(paid === null ? [] : [{ ...about, metric: 'server-hours', at, value: paid }]),
    ])
  }
  return { history, now: NOON + 2 * HOUR }
}

test('sums up what the history knows, whatever the step', async () => {
  const { history, now } = await twoHours()
  const fleet = aFleet({ policies: [aTarget('in-flight-per-server', 8)] })
  const day = await costReport(fleet, history, { fromAt: now - 24 * HOUR, toAt: now, startupMs: 60_000 }, now)
  expect(day).toMatchObject({
    fleet: 'api',
    currency: 'CNY',
    knownMs: 2 * HOUR,
    serverHours: expect.closeTo(8),
  })
  expect(day.cost).toBeCloseTo(28.8)
  expect(day.each).toBeCloseTo(3.6)
  expect(day.kilowattHours).toBeCloseTo(2.88)
  expect(day.fixed).toMatchObject({ servers: 6, by: 'target', serverHours: 12 })
  expect(day.least!.serverHours).toBeCloseTo(8 + 6 / 60)
  const hour = await costReport(fleet, history, { fromAt: now - HOUR, toAt: now, startupMs: 60_000 }, now)
  expect(hour).toMatchObject({
    knownMs: HOUR,
    serverHours: expect.closeTo(6),
    bursts: { usual: 6, serverHours: 0 },
  })
})

test('takes the load of a mean over servers times those that serve', async () => {
  const { history, now } = await twoHours()
  const cpu = aFleet({ policies: [aTarget('cpu', 0.5)] })
  const range = { fromAt: now - 2 * HOUR, toAt: now, startupMs: 60_000 }
  expect(await costReport(cpu, history, range, now)).toMatchObject({ fixed: { by: 'most' }, least: null })
  for (let at = NOON; at < now; at += TICK) history.append([{ fleet: 'api', metric: 'cpu', at, value: 0.25 }])
  expect((await costReport(cpu, history, range, now)).fixed).toMatchObject({ servers: 3, by: 'target' })
})

test('the mean price is of all that was paid for, also of what served nobody', async () => {
  const { history, now } = await twoHours(16 / 720)
  const range = { fromAt: now - 2 * HOUR, toAt: now, startupMs: 60_000 }
  const { each, serverHours } = await costReport(aFleet(), history, range, now)
  expect(serverHours).toBeCloseTo(16)
  expect(each).toBeCloseTo(1.8)
})

test('adds up no two currencies: each time is told in the one it was paid in, as far back as that', async () => {
  const { history, now } = await twoHours()
  const former = [{ currency: 'USD', total: 7, untilAt: NOON + HOUR }]
  const asked = { startupMs: 60_000, former }
  const late = await costReport(aFleet(), history, { fromAt: NOON, toAt: now, ...asked }, now)
  expect(late).toMatchObject({ currency: 'CNY', fromAt: NOON + HOUR, serverHours: expect.closeTo(6) })
  const early = await costReport(aFleet(), history, { fromAt: NOON, toAt: NOON + HOUR, ...asked }, now)
  expect(early).toMatchObject({ currency: 'USD', fromAt: NOON, serverHours: expect.closeTo(2) })
})

test('a queue is no load of a fixed fleet, nor do the first seconds cost more than they lasted', async () => {
  const clock = new VirtualClock(NOON)
  const history = new SimHistory(clock)
  for (let at = NOON; at < NOON + 60_000; at += 1000) {
    await clock.advance(1000)
    const value = (metric: string, number: number) => ({ fleet: 'api', metric, at, value: number })
    const piled = at >= NOON + 30_000
    history.append([
      value('have', 2),
      value('serving', 2),
      value('rps', piled ? 120 : 80),
      value('in-flight', piled ? 900 : 8),
    ])
  }
  const fleet = aFleet({ policies: [aTarget('in-flight-per-server', 4)] })
  const range = { fromAt: NOON - 7 * 24 * HOUR, toAt: NOON + 60_000, startupMs: 60_000 }
  const report = await costReport(fleet, history, range, NOON + 60_000)
  expect(report.knownMs).toBe(60_000)
  expect(report.serverHours).toBeCloseTo(2 / 60)
  expect(report.fixed).toMatchObject({ servers: 3, serverHours: expect.closeTo(3 / 60) })
  expect(report.least!.serverHours).toBeLessThanOrEqual(report.fixed.serverHours)
})

test('refuses a time that ends before it begins', async () => {
  const { history, now } = await twoHours()
  await expect(
    costReport(aFleet(), history, { fromAt: now, toAt: now - 1, startupMs: 1 }, now),
  ).rejects.toMatchObject({
    code: 'request.invalid',
  })
})

test('gives no room to a time of which nothing can be known', async () => {
  const { history, now } = await twoHours()
  const fleet = aFleet()
  const year3000 = 32_503_680_000_000
  const all = await costReport(fleet, history, { fromAt: 0, toAt: year3000, startupMs: 1 }, now)
  expect(all).toMatchObject({ fromAt: now - 60 * 24 * HOUR, toAt: now, serverHours: expect.closeTo(8) })
  for (const range of [
    { fromAt: now + 1, toAt: year3000 },
    { fromAt: 0, toAt: HOUR },
    { fromAt: Number.NaN, toAt: now },
  ])
    await expect(costReport(fleet, history, { ...range, startupMs: 1 }, now)).rejects.toSatisfy(
      ({ code, message }) => code === 'request.invalid' && untranslated([message]).length === 0,
    )
})
