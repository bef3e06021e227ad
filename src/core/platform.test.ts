import { expect, test } from 'vitest'
import { lacksOf, platformOf, workersOn } from './platform.ts'

test.each([
  ['linux', 4, 0],
  ['darwin', 1, 2],
  ['freebsd', 1, 2],
  ['win32', 1, 3],
])('%s: %d of four workers, and %d things to know', (name, workers, lacks) => {
  const platform = platformOf(name)
  expect(workersOn(platform, 4)).toBe(workers)
  expect(lacksOf(platform)).toHaveLength(lacks)
})
