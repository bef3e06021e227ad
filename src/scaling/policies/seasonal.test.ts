import { expect, test } from 'vitest'
import { aFleet, aTarget, aView, NOON } from '../../../test/kit/scaling.ts'
import type { Outlook } from '../../core/forecast.ts'
import { decide } from '../decide.ts'
import { compilePolicies } from './compile.ts'
import { seasonalPolicy } from './seasonal.ts'

const DAY = 86_400_000
const policy = seasonalPolicy({ type: 'seasonal', name: 'past', metric: 'rps-per-server', value: 50 })

function anOutlook(over: Partial<Outlook> = {}): Outlook {
  const yesterday = { agoMs: DAY, before: 100, peak: 400 }
  return {
    madeAt: NOON,
    aheadMs: 120_000,
    recent: 100,
    precedents: [yesterday],
    forecast: { why: 'nothing is forecast yet' },
    ...over,
  }
}

function opinion(over: Partial<Outlook> = {}) {
  return policy.opine(aView({ outlooks: { 'rps-per-server': anOutlook(over) } }))
}

test('wants servers for what the same time brought', () => {
  expect(opinion()).toMatchObject({
    want: 8,
    why: '1d ago the whole load (rps-per-server) came to 400/s between 1m before this time and 4m after it, of which 1.00 times is expected: needs 8 servers',
  })
})

test('once days have taught what that is worth, wants servers for it, to the nearest', () => {
  expect(opinion({ worth: { load: 470, days: 9 } })).toMatchObject({
    want: 9,
    why: '1d ago the whole load (rps-per-server) came to 400/s between 1m before this time and 4m after it, of which 1.00 times is expected; by what followed such times on 9 days it pays to be ready for 470/s: needs 9 servers',
  })
})

test('more load than then is expected to stay half as much more, within bounds', () => {
  expect(opinion({ recent: 144 }).want).toBe(10)
  expect(opinion({ recent: 1_000_000 }).want).toBe(12)
  expect(opinion({ recent: 0 }).want).toBe(4)
})

test('an outage then does not make everything look like a rush', () => {
  expect(opinion({ precedents: [{ agoMs: DAY, before: 0, peak: 400 }] }).want).toBe(8)
  expect(opinion({ precedents: [{ agoMs: DAY, before: null, peak: 400 }] }).want).toBe(8)
})

test('the day that asks for most counts', () => {
  const days = [1, 2, 7].map((days, index) => ({
    agoMs: days * DAY,
    before: 100,
    peak: [200, 700, 300][index]!,
  }))
  expect(opinion({ precedents: days })).toMatchObject({ want: 14, why: expect.stringContaining('2d ago') })
})

test('has no opinion on what nobody knows, or knew too long ago', () => {
  expect(policy.opine(aView())).toMatchObject({ want: null, why: 'rps-per-server: nothing is known ahead' })
  expect(opinion({ madeAt: NOON - 900_001 }).want).toBe(null)
  expect(opinion({ precedents: [] })).toMatchObject({
    want: null,
    why: 'rps-per-server: it has not been measured for a day',
  })
})

function decided(load: number | null, have: number) {
  const policies = [
    aTarget('rps-per-server', 50),
    { type: 'seasonal', name: 'past', metric: 'rps-per-server', value: 50 } as const,
  ]
  const compiled = compilePolicies(policies, {})
  if (!compiled.ok) throw new Error('bad policies')
  const view = aView({
    fleet: aFleet({ max: 100, policies }),
    serving: have,
    metrics: load === null ? {} : { 'rps-per-server': load / have },
    outlooks: { 'rps-per-server': anOutlook() },
  })
  return decide(view, compiled.policies).want
}

test('is a floor: others may want more, and nothing is retired below it', () => {
  expect(decided(1000, 10)).toBe(20)
  expect(decided(100, 10)).toBe(8)
  expect(decided(100, 2)).toBe(8)
})

test('alone it launches and retires nothing', () => {
  expect(decided(null, 2)).toBe(8)
  expect(decided(null, 10)).toBe(10)
})

test('a share is one of what a server can carry', () => {
  const share = seasonalPolicy({
    type: 'seasonal',
    name: 'past',
    metric: 'rps',
    value: 0.5,
    ofCapacity: true,
  })
  const outlooks = { rps: anOutlook() }
  expect(share.opine(aView({ outlooks, capacityRps: 100 })).want).toBe(8)
  expect(share.opine(aView({ outlooks }))).toMatchObject({
    want: null,
    why: expect.stringContaining('not known yet'),
  })
})
