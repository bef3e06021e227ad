import { expect, test } from 'vitest'
import { problemsOf, settingsOf } from './fixture.cases.ts'
import { policyFile } from './schedule.cases.ts'

const policiesOf = (text: string) => settingsOf(policyFile(text)).fleets[0]!.policies

test('a schedule ends at a time or after a while', () => {
  const night = '{ type: schedule, cron: "0 22 * * *", until: "0 8 * * *", timezone: Asia/Shanghai, max: 10 }'
  const lunch =
    '{ type: schedule, name: lunch, cron: "30 11 * * mon-fri", duration: 2h, timezone: UTC, min: 4 }'
  expect(policiesOf(`${night}, ${lunch}`)).toEqual([
    {
      type: 'schedule',
      name: 'schedule-1',
      schedule: { cron: '0 22 * * *', end: { until: '0 8 * * *' }, timezone: 'Asia/Shanghai' },
      min: null,
      max: 10,
    },
    {
      type: 'schedule',
      name: 'lunch',
      schedule: { cron: '30 11 * * mon-fri', end: { afterMs: 7_200_000 }, timezone: 'UTC' },
      min: 4,
      max: null,
    },
  ])
})

test('a calendar has its events as instants, and leads by the start-up time of the fleet', () => {
  const events = `[
    { name: Double 11, start: 2026-11-11T00:00, end: 2026-11-12, multiplier: 3 },
    { name: sale, start: "2026-11-20T10:00-05:00", end: "2026-11-20T12:00Z", min: 8, multiplier: "1.5" } ]`
  const text = (more: string) =>
    `{ type: calendar, timezone: Asia/Shanghai, ${more} events: ${events.replace('12:00Z', '16:00Z')} }`
  const [calendar] = policiesOf(text(''))
  expect(calendar).toEqual({
    type: 'calendar',
    name: 'calendar-1',
    leadMs: 60_000,
    timezone: 'Asia/Shanghai',
    events: [
      {
        name: 'Double 11',
        startAt: Date.parse('2026-11-10T16:00Z'),
        endAt: Date.parse('2026-11-11T16:00Z'),
        multiplier: 3,
        min: null,
      },
      {
        name: 'sale',
        startAt: Date.parse('2026-11-20T15:00Z'),
        endAt: Date.parse('2026-11-20T16:00Z'),
        multiplier: 1.5,
        min: 8,
      },
    ],
  })
  expect(policiesOf(text('lead: 10m,'))[0]).toMatchObject({ leadMs: 600_000 })
})

const NIGHT = 'type: schedule, cron: "0 22 * * *", timezone: UTC'
const CALENDAR = 'type: calendar, timezone: Europe/Berlin'

test.each([
  [`{ ${NIGHT}, until: "0 22 * * *", max: 5 }`, 'fleets.f.policies.0.until', 'it is always open'],
  [
    `{ ${NIGHT}, duration: 1h, max: 20 }`,
    'fleets.f.policies.0.max',
    'max 20 changes nothing: max of the fleet is 20',
  ],
  [
    `{ ${NIGHT}, duration: 1h, min: 2 }`,
    'fleets.f.policies.0.min',
    'min 2 changes nothing: min of the fleet is 2',
  ],
  [
    `{ ${CALENDAR}, events: [ { name: sale, start: 2026-10-01, end: 2026-10-31, min: 5 } ] }`,
    'fleets.f.policies.0.events.0',
    'sale is over: it ended at 2026-10-31',
  ],
  [
    `{ ${CALENDAR}, events: [ { name: sale, start: 2027-03-28T02:30, end: 2027-03-29, min: 5 } ] }`,
    'fleets.f.policies.0.events.0.start',
    'leave this time out; 03:30 is taken',
  ],
])('%s is warned of', (text, path, message) => {
  expect(problemsOf(policyFile(text))).toMatchObject([
    { level: 'warning', path, message: expect.stringContaining(message) },
  ])
})
