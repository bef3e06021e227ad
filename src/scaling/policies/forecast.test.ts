import { expect, test } from 'vitest'
import { aView, NOON } from '../../../test/kit/scaling.ts'
import type { Outlook } from '../../core/forecast.ts'
import { forecastPolicy } from './forecast.ts'

const policy = forecastPolicy({ type: 'forecast', name: 'ahead', metric: 'rps-per-server', value: 50 })

function opinion(forecast: Outlook['forecast']) {
  const outlook: Outlook = {
    madeAt: NOON,
    aheadMs: 120_000,
    recent: 100,
    precedents: [{ agoMs: 86_400_000, before: 100, peak: 400 }],
    forecast,
  }
  return policy.opine(aView({ outlooks: { 'rps-per-server': outlook } }))
}

test('wants servers for what the load will not pass', () => {
  expect(opinion({ madeAt: NOON, expected: 420, high: 510 })).toMatchObject({
    policy: 'ahead',
    want: 11,
    why: 'the whole load (rps-per-server) is forecast to stay below 510/s for 2m (expected: 420/s): needs 11 servers',
  })
})

test('says after how long the load comes again, where that is no day', () => {
  expect(opinion({ madeAt: NOON, expected: 420, high: 510, periodMs: 3_600_000 }).why).toBe(
    'the whole load (rps-per-server) is forecast to stay below 510/s for 2m (expected: 420/s; it comes again every 1h): needs 11 servers',
  )
})

test('the days before tell where there is no forecast, or only an old one', () => {
  expect(opinion({ why: 'no answer within 30000 ms' })).toMatchObject({
    want: 8,
    why: expect.stringMatching(/^no answer within 30000 ms; so by the days before: 1d ago/),
  })
  expect(opinion({ madeAt: NOON - 600_001, expected: 1, high: 1 })).toMatchObject({
    want: 8,
    why: expect.stringMatching(/^the forecast is 10m old; so/),
  })
  expect(policy.opine(aView())).toMatchObject({ want: null })
})

test('a share is one of what a server can carry', () => {
  const share = forecastPolicy({
    type: 'forecast',
    name: 'ahead',
    metric: 'rps',
    value: 0.5,
    ofCapacity: true,
  })
  const forecast = { madeAt: NOON, expected: 420, high: 510 }
  const outlooks = { rps: { madeAt: NOON, aheadMs: 120_000, recent: 100, precedents: [], forecast } }
  expect(share.opine(aView({ outlooks, capacityRps: 100 })).want).toBe(11)
  expect(share.opine(aView({ outlooks }))).toMatchObject({
    want: null,
    why: expect.stringContaining('not known yet'),
  })
})
