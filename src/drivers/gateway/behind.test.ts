import { expect, test } from 'vitest'
import { behindMs } from './behind.ts'

const HOUR = 3_600_000

test('a clock that may have shown what it says is like ours, however long the answer took', () => {
  expect(behindMs(10_000, 10_000, 10_003)).toBe(0)
  expect(behindMs(12_000, 10_000, 15_000)).toBe(0)
  expect(behindMs(9_500, 10_000, 10_003)).toBe(0)
})

test('one that was started by another wall is as much behind, or ahead, as it was set meanwhile', () => {
  expect(behindMs(10_000, 10_000 + HOUR, 10_003 + HOUR)).toBe(HOUR + 3)
  expect(behindMs(10_000 + HOUR, 10_000, 10_003)).toBe(3 - HOUR)
})

test('an older gateway that does not say is believed', () => {
  expect(behindMs(null, 10_000, 10_003)).toBe(0)
})
