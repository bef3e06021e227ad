import { beforeEach, expect, test } from 'vitest'
import { Bucket } from './bucket.ts'

/** On a full minute. */
const START = 1_800_000_000_000
const PATIENT = 10 * 60_000

let bucket: Bucket
beforeEach(() => {
  bucket = new Bucket(START)
})

function refuse(
  now: number,
  over: { sentAt?: number; retryAfterMs?: number; untilNextMinute?: boolean } = {},
) {
  bucket.refused({ sentAt: now, now, retryAfterMs: null, untilNextMinute: false, ...over })
}

function waits(now: number, calls: number): number[] {
  return Array.from({ length: calls }, () => {
    const leave = bucket.take(now, PATIENT)
    return leave.granted ? leave.waitMs : Number.NaN
  })
}

test('lets a burst through and spaces the rest', () => {
  expect(waits(START, 13)).toEqual([...Array(10).fill(0), 50, 100, 150])
  expect(waits(START + 1_000, 1)).toEqual([0])
})

test('spaces twice as far after a refusal', () => {
  refuse(START)
  expect(waits(START, 3)).toEqual([100, 200, 300])
})

test('takes refusals of one moment for one', () => {
  refuse(START)
  refuse(START, { sentAt: START - 1 })
  refuse(START, { sentAt: START - 2 })
  expect(waits(START, 2)).toEqual([100, 200])
})

test('gives back in quiet time what refusals took', () => {
  for (let at = START; at < START + 50; at += 1) refuse(at)
  expect(waits(START + 50, 1)[0]).toBeGreaterThan(4_000)
  const later = START + 11 * 60_000
  bucket.take(later, 0)
  expect(waits(later, 10).at(-1)).toBe(50)
})

test('stays closed until the next minute where the cloud does', () => {
  refuse(START + 20_000, { untilNextMinute: true })
  expect(waits(START + 20_000, 1)).toEqual([41_000 + 100])
  expect(bucket.take(START + 60_999, 99).granted).toBe(false)
})

test('saves nothing up while it is closed', () => {
  refuse(START, { untilNextMinute: true })
  expect(waits(START + 61_000, 2)).toEqual([100, 200])
})

test('tells those who have waited that it was closed meanwhile', () => {
  expect(bucket.closedForMs(START)).toBe(0)
  refuse(START + 30_000, { untilNextMinute: true })
  expect(bucket.closedForMs(START + 40_000)).toBe(21_000)
  expect(bucket.closedForMs(START + 61_000)).toBe(0)
})

test('waits as long as the cloud asks', () => {
  refuse(START, { retryAfterMs: 7_000 })
  expect(waits(START, 1)).toEqual([7_100])
})

test('takes nothing from those who will not wait, and says how long it would be', () => {
  refuse(START, { retryAfterMs: 7_000 })
  expect(bucket.take(START, 7_000)).toEqual({ granted: false, retryAfterMs: 7_100 })
  expect(bucket.take(START, 7_200)).toEqual({ granted: true, waitMs: 7_100 })
})
