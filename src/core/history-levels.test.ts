import { expect, test } from 'vitest'
import { LEVELS, resolveQuery } from './history-levels.ts'

const NOW = 1_800_000_123_456
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const resolve = (backMs: number, stepMs: number | null) =>
  resolveQuery({ fleet: 'api', metric: 'cpu', fromAt: NOW - backMs, toAt: NOW, stepMs }, NOW)

test.each([
  ['the last hour in seconds', HOUR, 1_000, 0, 1_000],
  ['two hours ago has no seconds left', 2 * HOUR, 1_000, 1, 10_000],
  ['a step between two resolutions is rounded up', 2 * HOUR, 15_000, 1, 20_000],
  ['days ago there are only steps of 5 min', 3 * DAY, 60_000, 2, 300_000],
  ['7 min of them become 10', 3 * DAY, 420_000, 2, 600_000],
  ['the resolution that has exactly this step has the exact p95', 10 * MINUTE, 300_000, 2, 300_000],
  ['a step that no resolution has comes from the finest', 10 * MINUTE, 60_000, 0, 60_000],
  ['a long step starts before the hour of seconds', HOUR, 1_800_000, 1, 1_800_000],
])('%s', (_what, backMs, asked, level, stepMs) => {
  expect(resolve(backMs, asked)).toMatchObject({ level, stepMs })
})

test('points lie on multiples of the step', () => {
  expect(resolve(3 * DAY, 3_600_000).fromAt % 3_600_000).toBe(0)
})

test('nothing before 60 days ago or after now is looked for', () => {
  const { fromAt, toAt } = resolveQuery(
    { fleet: 'a', metric: 'b', fromAt: 0, toAt: NOW * 2, stepMs: null },
    NOW,
  )
  expect(NOW - fromAt).toBeLessThan(61 * DAY)
  expect(toAt - NOW).toBeLessThanOrEqual(1_000)
})

test('too many points are refused with a step that does', () => {
  expect(() =>
    resolveQuery({ fleet: 'a', metric: 'b', fromAt: NOW - 60 * DAY, toAt: NOW, stepMs: 1000 }, NOW),
  ).not.toThrow()
  expect(LEVELS.every(({ stepMs, keepMs }) => keepMs / stepMs <= 20_000)).toBe(true)
})
