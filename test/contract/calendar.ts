import { beforeEach, describe, expect, test } from 'vitest'
import type { Calendar, Schedule } from '../../src/core/calendar.ts'

const HOUR = 3_600_000

interface Example {
  readonly promise: string
  readonly schedule: Schedule
  readonly at: string
  /** The first windows, `start/end` in UTC. */
  readonly windows: readonly string[]
}

const until = (cron: string, until: string, timezone: string): Schedule => ({
  cron,
  end: { until },
  timezone,
})
const lasting = (cron: string, afterMs: number, timezone: string): Schedule => ({
  cron,
  end: { afterMs },
  timezone,
})

const NIGHT = until('0 22 * * *', '0 8 * * *', 'Asia/Shanghai')
const EXAMPLES: readonly Example[] = [
  {
    promise: 'gives the open window and the next three',
    schedule: NIGHT,
    at: '2026-11-26T16:00:00Z',
    windows: [
      '2026-11-26T14:00Z/2026-11-27T00:00Z',
      '2026-11-27T14:00Z/2026-11-28T00:00Z',
      '2026-11-28T14:00Z/2026-11-29T00:00Z',
      '2026-11-29T14:00Z/2026-11-30T00:00Z',
    ],
  },
  {
    promise: 'gives the next three when none is open',
    schedule: NIGHT,
    at: '2026-11-26T12:00:00Z',
    windows: [
      '2026-11-26T14:00Z/2026-11-27T00:00Z',
      '2026-11-27T14:00Z/2026-11-28T00:00Z',
      '2026-11-28T14:00Z/2026-11-29T00:00Z',
    ],
  },
  {
    promise: 'keeps a window from Friday to Monday open in between',
    schedule: until('0 18 * * fri', '0 6 * * mon', 'Europe/Berlin'),
    at: '2026-11-28T12:00:00Z',
    windows: ['2026-11-27T17:00Z/2026-11-30T05:00Z', '2026-12-04T17:00Z/2026-12-07T05:00Z'],
  },
  {
    promise: 'starts a window anew that is opened while it is open',
    schedule: lasting('0 9,10 * * *', 1.5 * HOUR, 'UTC'),
    at: '2026-11-26T10:15:00Z',
    windows: ['2026-11-26T10:00Z/2026-11-26T11:30Z', '2026-11-27T09:00Z/2026-11-27T10:30Z'],
  },
  {
    promise: 'opens again in the instant in which it closes',
    schedule: lasting('0 * * * *', HOUR, 'UTC'),
    at: '2026-11-26T10:15:00Z',
    windows: ['2026-11-26T10:00Z/2026-11-26T11:00Z', '2026-11-26T11:00Z/2026-11-26T12:00Z'],
  },
  {
    promise: 'takes a day or a weekday when both are named',
    schedule: lasting('0 0 1 12 mon', HOUR, 'UTC'),
    at: '2026-11-30T12:00:00Z',
    windows: ['2026-12-01T00:00Z/2026-12-01T01:00Z', '2026-12-07T00:00Z/2026-12-07T01:00Z'],
  },
  {
    promise: 'opens a window whose time the clock leaves out when it has been put forward (Berlin)',
    schedule: lasting('30 2 * * *', HOUR, 'Europe/Berlin'),
    at: '2026-03-28T12:00:00Z',
    windows: ['2026-03-29T01:00Z/2026-03-29T02:00Z', '2026-03-30T00:30Z/2026-03-30T01:30Z'],
  },
  {
    promise: 'opens a window whose time the clock shows twice the first time only (New York)',
    schedule: until('30 1 * * *', '0 4 * * *', 'America/New_York'),
    at: '2026-11-01T04:00:00Z',
    windows: ['2026-11-01T05:30Z/2026-11-01T09:00Z', '2026-11-02T06:30Z/2026-11-02T09:00Z'],
  },
  {
    promise: 'knows clocks that move by half an hour (Lord Howe)',
    schedule: until('15 2 * * *', '45 1 * * *', 'Australia/Lord_Howe'),
    at: '2026-10-03T15:20:00Z',
    windows: ['2026-10-03T15:30Z/2026-10-04T14:45Z', '2026-10-04T15:15Z/2026-10-05T14:45Z'],
  },
  {
    promise:
      'keeps a night nine hours long that the clock makes shorter, and eleven that it makes longer (Berlin)',
    schedule: until('0 22 * * *', '0 8 * * *', 'Europe/Berlin'),
    at: '2026-03-28T21:00:00Z',
    windows: ['2026-03-28T21:00Z/2026-03-29T06:00Z', '2026-03-29T20:00Z/2026-03-30T06:00Z'],
  },
  {
    promise: 'leaves out steps that the clock leaves out (Berlin)',
    schedule: lasting('*/30 2 * * *', HOUR / 4, 'Europe/Berlin'),
    at: '2026-03-28T12:00:00Z',
    windows: ['2026-03-30T00:00Z/2026-03-30T00:15Z', '2026-03-30T00:30Z/2026-03-30T00:45Z'],
  },
  {
    promise: 'repeats steps that the clock repeats (Berlin)',
    schedule: lasting('*/30 2 * * *', HOUR / 4, 'Europe/Berlin'),
    at: '2026-10-25T00:20:00Z',
    windows: ['2026-10-25T00:30Z/2026-10-25T00:45Z', '2026-10-25T01:00Z/2026-10-25T01:15Z'],
  },
  {
    promise: 'gives none that never opens',
    schedule: lasting('0 0 31 2 *', HOUR, 'UTC'),
    at: '2026-02-01T00:00:00Z',
    windows: [],
  },
  {
    promise: 'gives none that never closes',
    schedule: until('0 0 * * *', '0 0 31 2 *', 'UTC'),
    at: '2026-02-01T00:00:00Z',
    windows: [],
  },
]

/** What every calendar must keep. */
export function calendarContract(name: string, make: () => Calendar): void {
  let calendar: Calendar
  const shown = (schedule: Schedule, at: number) =>
    calendar.windows(schedule, at).map(({ startAt, endAt }) => `${minuteOf(startAt)}/${minuteOf(endAt)}`)

  describe(`calendar contract: ${name}`, () => {
    beforeEach(() => {
      calendar = make()
    })

    test.each(EXAMPLES)('$promise', ({ schedule, at, windows }) => {
      const all = shown(schedule, Date.parse(at))
      expect(windows.length === 0 ? all : all.slice(0, windows.length)).toEqual(windows)
    })

    test('a window holds its first millisecond and not its end', () => {
      const open = Date.parse('2026-11-26T14:00:00Z')
      const end = Date.parse('2026-11-27T00:00:00Z')
      const firstAt = (at: number) => shown(NIGHT, at)[0]
      expect(firstAt(open - 1)).toBe('2026-11-26T14:00Z/2026-11-27T00:00Z')
      expect(calendar.windows(NIGHT, open - 1)).toHaveLength(3)
      for (const at of [open, open + 0.5, open + 1, end - 1])
        expect(calendar.windows(NIGHT, at)).toHaveLength(4)
      expect(firstAt(end)).toBe('2026-11-27T14:00Z/2026-11-28T00:00Z')
    })

    test('says the same whatever it was asked before', () => {
      const instants = ['2026-11-26T12:00Z', '2026-11-26T16:00Z', '2026-11-27T00:00Z', '2026-11-26T13:59Z']
      for (const at of instants.map(Date.parse))
        expect(calendar.windows(NIGHT, at)).toEqual(make().windows(NIGHT, at))
    })
  })
}

function minuteOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`
}
