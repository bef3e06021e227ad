import { expect, test } from 'vitest'
import { isTimezone, readTime, timezoneHint } from './zones.ts'

test.each([
  ['Asia/Shanghai', true],
  ['UTC', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Asia/Shangai', false],
  ['', false],
])('%j is a time zone: %s', (name, expected) => {
  expect(isTimezone(name)).toBe(expected)
})

test.each([
  ['Asia/Shangai', '; did you mean Asia/Shanghai?'],
  ['shanghai', '; did you mean Asia/Shanghai?'],
  ['new york', '; did you mean America/New_York?'],
  ['Europe/berlin2', '; did you mean Europe/Berlin?'],
  ['nonsense', ''],
])('%j: %s', (name, hint) => {
  expect(timezoneHint(name)).toBe(hint)
})

test.each([
  ['2026-11-11T00:00', 'Asia/Shanghai', '2026-11-10T16:00:00.000Z'],
  ['2026-11-11 00:00:30', 'Asia/Shanghai', '2026-11-10T16:00:30.000Z'],
  ['2026-11-11', 'Asia/Shanghai', '2026-11-10T16:00:00.000Z'],
  ['2026-11-11T00:00+01:00', 'Asia/Shanghai', '2026-11-10T23:00:00.000Z'],
  ['2026-11-11T00:00Z', null, '2026-11-11T00:00:00.000Z'],
])('%j in %s is %s', (text, timezone, expected) => {
  const read = readTime(text, timezone)
  expect(read.ok && [new Date(read.at).toISOString(), read.remark]).toEqual([expected, null])
})

test.each([
  ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z', 'leave this time out; 03:30 is taken'],
  [
    '2026-10-25T02:30',
    'Europe/Berlin',
    '2026-10-25T00:30:00.000Z',
    'twice; the first is taken, write +01:00',
  ],
  [
    '2026-10-04T02:15',
    'Australia/Lord_Howe',
    '2026-10-03T15:45:00.000Z',
    'leave this time out; 02:45 is taken',
  ],
])('%j in %s is %s, with a remark', (text, timezone, expected, remark) => {
  const read = readTime(text, timezone)
  if (!read.ok) throw new Error(read.message)
  expect(new Date(read.at).toISOString()).toBe(expected)
  expect(read.remark).toContain(remark)
})

test.each([
  ['11.11.2026', 'UTC', 'expected a time such as'],
  ['2026-11-11T0:00', 'UTC', 'expected a time such as'],
  ['2026-02-30T00:00', 'UTC', 'there is no such time'],
  ['2026-02-28T25:00', 'UTC', 'there is no such time'],
  ['2026-02-30T00:00Z', 'UTC', 'there is no such time'],
  ['2026-11-11T00:00', null, 'no offset and the policy no timezone'],
])('%j in %s: %s', (text, timezone, message) => {
  expect(readTime(text, timezone)).toEqual({ ok: false, message: expect.stringContaining(message) })
})
