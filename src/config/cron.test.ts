import { expect, test } from 'vitest'
import { parseCron } from './cron.ts'

test.each([
  ['0 22 * * *', { minutes: [0], hours: [22], everyDay: true, everyWeekday: true, named: true }],
  [
    '*/15 9-17/4 1,15 * mon-fri',
    { minutes: [0, 15, 30, 45], hours: [9, 13, 17], days: [1, 15], weekdays: [1, 2, 3, 4, 5], named: false },
  ],
  [
    '5,10 1-3 * JAN,3 FRI-SUN',
    { minutes: [5, 10], hours: [1, 2, 3], months: [1, 3], weekdays: [5, 6, 0], named: true },
  ],
  ['  0\t0 29 2 *  ', { days: [29], months: [2], everyDay: false }],
  ['0 0 * * 7', { weekdays: [0] }],
  ['0 0 31 2 mon', { days: [31], weekdays: [1] }],
])('%j names its times', (text, expected) => {
  const parsed = parseCron(text)
  if (!parsed.ok) throw new Error(parsed.message)
  const fields = Object.fromEntries(
    Object.entries(parsed.fields).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? value : [...value],
    ]),
  )
  expect(fields).toMatchObject(expected)
})

test.each([
  ['', 1, 'expected five fields, minute hour day month weekday, got 0'],
  ['0 22 * *', 1, 'got 4'],
  ['0 0 22 * * *', 1, 'got 6 (there are no seconds)'],
  ['60 * * * *', 1, 'expected 0 to 59 as minute, got 60'],
  ['0 25 * * *', 3, 'expected 0 to 23 as hour, got 25'],
  ['0 1,2,24 * * *', 7, 'expected 0 to 23 as hour, got 24'],
  ['0 0 0 * *', 5, 'expected 1 to 31 as day, got 0'],
  ['0 0 * 13 *', 7, 'expected 1 to 12 or jan to dec as month, got 13'],
  ['0 0 * * mo', 9, 'expected 0 to 7 or sun to sat as weekday, got mo'],
  ['0 0 * * fri-mon', 9, 'the range fri-mon goes backwards'],
  ['0 5/2 * * *', 3, 'a step follows * or a range: 5-23/2'],
  ['*/0 * * * *', 1, 'expected a step from 1 to 59, got 0'],
  ['*/60 * * * *', 1, 'expected a step from 1 to 59, got 60'],
  ['0 1- * * *', 3, '"1-" is no hour'],
  ['0 , * * *', 3, '"" is no hour'],
  ['0 0 L * *', 5, 'expected 1 to 31 as day, got L'],
  ['0 0 31 feb *', 5, 'it never comes'],
  ['0 0 31 2,4,6,9,11 *', 5, 'it never comes'],
])('%j is refused with the column and a reason', (text, column, message) => {
  expect(parseCron(text)).toEqual({ ok: false, column, message: expect.stringContaining(message) })
})
