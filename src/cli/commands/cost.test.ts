import { expect, test } from 'vitest'
import { aCostReport, aFleet, NOW } from '../../../test/kit/admin.ts'
import { untranslated } from '../../../test/kit/chinese.ts'
import type { CostReport, CostStatus } from '../../core/cost.ts'
import type { Context } from '../context.ts'
import { changeCostText } from '../cost-lines.ts'
import { cost } from './cost.ts'

const DAY = 86_400_000
const NOW_COSTS: CostStatus = {
  currency: 'CNY',
  each: 0.68,
  perHour: 2.04,
  unpriced: 0,
  sinceAt: NOW - DAY,
  total: 60,
  former: [],
  carbonGrams: null,
  today: 12.3,
  thisMonth: 60,
  byMonthEnd: 640,
  usualFromMs: DAY,
  serverHours: 90,
  kilowattHours: null,
  budget: { per: 'month', amount: 500, spent: 60, expected: 640, held: null, endAt: NOW + DAY },
}

async function told(
  now: CostStatus | null,
  report: Partial<CostReport> = {},
  { json = false, since = '24h' } = {},
) {
  const lines: string[] = []
  const said: string[] = []
  const asked: string[] = []
  const say = (text: string) => {
    said.push(text)
    return text
  }
  const get = async (path: string) => {
    asked.push(path)
    if (path.includes('/cost?')) return aCostReport(report)
    return path.endsWith('/fleets') ? { items: [aFleet({ cost: now })] } : aFleet({ cost: now })
  }
  const out = {
    say,
    quote: (line: string) => lines.push(line),
    note: () => {},
    json: (value: object) => lines.push(JSON.stringify(value)),
  }
  const context = { client: { get }, out, json, clock: { now: () => NOW } } as unknown as Context
  expect(await cost(context, { fleet: undefined, since })).toBe(0)
  expect(untranslated(said.filter((text) => text !== ''))).toEqual([])
  return { lines, asked }
}

test('refuses a time that begins before anything can be known', async () => {
  const message = '--since: the history has the last 60d; give a later instant'
  await expect(told(null, {}, { since: '61d' })).rejects.toThrow(message)
  expect(untranslated([message])).toEqual([])
  await told(null, {}, { since: '60d' })
})

test('tells what a fleet costs now and has cost, beside what others would have', async () => {
  const { lines, asked } = await told(NOW_COSTS)
  expect(lines).toEqual([
    'api: 2.04 CNY an hour now, 12.30 today, 60.00 this month, 640.00 expected by its end',
    '  budget: 60.00 of 500 a month are spent, 640.00 expected by its end',
    '  in 1d',
    '                                             SERVER-HOURS    COST  OF THIS',
    '  this fleet                                        72.00   48.96     100%',
    '  a fixed fleet of 10 for the peak                 240.00  163.20     333%',
    '  the least, with the load known in advance         60.00   40.80      83%',
    '  bursts alone, above a fixed fleet of 3             5.00    3.40       7%',
    '  reckoned energy: 1.50 kWh, 810.0 g CO2e',
  ])
  expect(asked).toEqual(['/api/v1/fleets', `/api/v1/fleets/api/cost?from=${NOW - DAY}&to=${NOW}`])
})

test('says of how much a month is reckoned, and nothing of it before an hour is known', async () => {
  const { lines } = await told({ ...NOW_COSTS, usualFromMs: 11_520_000 })
  expect(lines[0]).toMatch(/ 60\.00 this month, 640\.00 expected by its end by the cost of 3h12m$/)
  const budget = { ...NOW_COSTS.budget!, expected: null }
  const early = await told({ ...NOW_COSTS, byMonthEnd: null, usualFromMs: 720_000, unpriced: 1, budget })
  expect(early.lines.slice(0, 2)).toEqual([
    'api: 2.04 CNY an hour now, 12.30 today, 60.00 this month, what it comes to is told when an hour of its cost is known; 1 servers without a known price are not in it',
    '  budget: 60.00 of 500 a month are spent',
  ])
})

test('says what was paid in another currency, and that a fleet was too small', async () => {
  const former = [{ currency: 'USD', total: 7, untilAt: NOW - DAY }]
  const { lines } = await told({ ...NOW_COSTS, former }, { serverHours: 50 })
  expect(lines[1]).toMatch(/^ {2}until 20\S+ \S+ it cost 7\.00 USD, which is in none of these sums$/)
  expect(lines).toContain('  it had fewer servers than its target asks for')
  const { lines: heavy } = await told(NOW_COSTS, { carbonGrams: 81_000 })
  expect(heavy.at(-1)).toBe('  reckoned energy: 1.50 kWh, 81.00 kg CO2e')
})

test('says what it does not know', async () => {
  const nothing = { serverHours: 0, cost: null }
  const { lines } = await told(
    { ...NOW_COSTS, perHour: null, each: null, budget: null },
    {
      ...nothing,
      knownMs: 3_600_000,
      kilowattHours: null,
      fixed: { servers: 4, by: 'most', ...nothing },
      least: null,
      bursts: { usual: 2.5, ...nothing },
    },
  )
  expect(lines).toEqual([
    'api: no price is known: give the fleet a price',
    '  in 1d, of which 1h are known',
    '                                                  SERVER-HOURS  COST  OF THIS',
    '  this fleet                                              0.00     -        -',
    '  a fixed fleet of 4, as many as there were most          0.00     -        -',
    '  bursts alone, above a fixed fleet of 2.5                0.00     -        -',
  ])
  expect((await told(null)).lines[0]).toBe('api: nothing is known of its cost yet')
  expect((await told({ ...NOW_COSTS, unpriced: 2 })).lines[0]).toContain('2 servers without a known price')
})

test('prints all of it as JSON', async () => {
  const { lines } = await told(NOW_COSTS, {}, { json: true })
  expect(JSON.parse(lines[0]!)).toEqual({ items: [{ ...aCostReport(), now: NOW_COSTS }], next: null })
})

test('a change costs, saves, or does neither', () => {
  const texts = [0.5, -1.25, 0, undefined].map((amount) => changeCostText(amount, 'CNY'))
  expect(texts).toEqual(['costs 0.50 CNY an hour more', 'saves 1.25 CNY an hour', '', ''])
  expect(untranslated(texts.slice(0, 2).flatMap((text) => [`this change ${text}`, `it ${text}`]))).toEqual([])
})
