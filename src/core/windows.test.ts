import { expect, test } from 'vitest'
import { aCalendar, anEvent, aSchedule, aTarget, NOON } from '../../test/kit/scaling.ts'
import { cronCalendar } from '../drivers/cron/calendar.ts'
import { windowsOf } from './windows.ts'

const HOUR = 3_600_000

test('gives the windows of schedules and events, the lead included, those that begin earlier first', () => {
  const night = aSchedule('0 9 * * *', '0 10 * * *', { max: 5 }, 'night')
  const sale = aCalendar([anEvent('sale', '90m', '3h', { multiplier: 2 })], HOUR)
  const windows = windowsOf([sale, aTarget('rps', 5), night], cronCalendar(), NOON)
  expect(windows.map(({ policy, event, startAt }) => [policy, event, startAt - NOON])).toEqual([
    ['calendar', 'sale', HOUR / 2],
    ['night', null, HOUR],
    ['night', null, 25 * HOUR],
    ['night', null, 49 * HOUR],
  ])
  expect(windows[0]).toEqual({
    policy: 'calendar',
    event: 'sale',
    timezone: 'UTC',
    startAt: NOON + HOUR / 2,
    endAt: NOON + 3 * HOUR,
    min: null,
    max: null,
    multiplier: 2,
  })
})

test('gives every event that is open and the next three, and none that is over', () => {
  const hours = Array.from({ length: 9 }, (_, hour) =>
    anEvent(`e${hour}`, `${hour}h`, `${hour + 3}h`, { min: 5 }),
  )
  const names = windowsOf([aCalendar(hours.reverse())], cronCalendar(), NOON + 4 * HOUR).map(
    ({ event }) => event,
  )
  expect(names).toEqual(['e2', 'e3', 'e4', 'e5', 'e6', 'e7'])
})
