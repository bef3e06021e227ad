import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCron } from '../../src/config/cron.ts'
import type { Schedule } from '../../src/core/calendar.ts'
import { cronCalendar } from '../../src/drivers/cron/calendar.ts'
import { minuteCalendar } from '../kit/minute-calendar.ts'
import { calendarContract } from './calendar.ts'

calendarContract('cron', cronCalendar)
calendarContract('every minute looked at', minuteCalendar)

const HOUR = 3_600_000
/** Around what the clocks of each zone do: forward and back, at night, at midnight, by half an hour, and not at all. */
const CHANGES: readonly (readonly [timezone: string, at: string])[] = [
  ['Asia/Shanghai', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Africa/Cairo', '2026-04-23T22:00Z'],
  ['America/Santiago', '2026-04-05T03:00Z'],
  ['Asia/Kolkata', '2026-12-31T18:30Z'],
]

const number = (from: number, to: number) => fc.integer({ min: from, max: to })
const minutes = fc.oneof(
  number(0, 59).map(String),
  fc.constantFrom('0', '0,30', '0-5', '*/15', '*', '10-50/20'),
)
const hours = fc.oneof(
  number(0, 4).map(String),
  number(0, 23).map(String),
  fc.constantFrom('1-3', '2,3', '*/2', '*'),
)
const rest = fc.constantFrom(
  '* * *',
  '* * *',
  '* * 0,6',
  '* * mon-fri',
  '* * */3',
  '*/5 * *',
  '1-31/2 * sun',
  '* jan-dec/1 5-7',
)
const cron = fc.tuple(minutes, hours, rest).map((fields) => fields.join(' '))
const end = fc.oneof(
  cron.map((until) => ({ until })),
  number(1, 30 * 60).map((count) => ({ afterMs: count * 60_000 })),
)
const asked = fc.record({
  change: fc.constantFrom(...CHANGES),
  cron,
  end,
  aside: fc.oneof(
    number(-3 * HOUR, 3 * HOUR),
    number(-40, 40).map((hours) => hours * HOUR),
  ),
})

test('croner and a look at every minute agree, whatever the clocks do', () => {
  const exact = cronCalendar()
  const naive = minuteCalendar()
  fc.assert(
    fc.property(asked, ({ change: [timezone, changeAt], cron, end, aside }) => {
      const schedule: Schedule = { cron, end, timezone }
      const at = Date.parse(changeAt) + aside
      expect(exact.windows(schedule, at)).toEqual(naive.windows(schedule, at))
    }),
    { numRuns: 150 },
  )
})

test('what a file may say, croner understands', () => {
  const value = fc.oneof(number(0, 60).map(String), fc.constantFrom('jan', 'DEC', 'sun', 'Fri', '07'))
  const range = fc.tuple(value, value).map((ends) => ends.join('-'))
  const steps = fc.tuple(fc.oneof(range, fc.constant('*')), number(1, 60)).map((parts) => parts.join('/'))
  const item = fc.oneof({ weight: 3, arbitrary: value }, range, steps, fc.constant('*'))
  const field = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(','))
  const accepted = fc
    .array(field, { minLength: 5, maxLength: 5 })
    .map((fields) => fields.map((text, index) => (parseCron(alone(text, index)).ok ? text : '*')).join(' '))
    .filter((text) => parseCron(text).ok)
  const exact = cronCalendar()
  fc.assert(
    fc.property(accepted, (cron) => {
      exact.windows({ cron, end: { afterMs: 60_000 }, timezone: 'UTC' }, Date.parse('2026-11-26T12:00Z'))
    }),
    { numRuns: 500 },
  )
})

/** One field among four that let everything through. */
function alone(text: string, index: number): string {
  return ['*', '*', '*', '*', '*'].with(index, text).join(' ')
}
