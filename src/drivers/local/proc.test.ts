import { expect, test } from 'vitest'
import { parseStat } from './proc.ts'

const stat = (name: string, state: string): string =>
  `42 (${name}) ${state} 1 42 40 0 -1 4194304 1 2 3 4 100 20 3 1 20 0 7 0 5555 1000 300 18446744073709551615`

test('a process is read whatever its name is', () => {
  const expected = { pid: 42, session: 40, startTicks: 5555, cpuTicks: 124 }
  expect(parseStat(42, stat('node', 'S'))).toEqual(expected)
  expect(parseStat(42, stat('a) Z 1 (b', 'R'))).toEqual(expected)
})

test('a zombie counts as gone', () => {
  expect(parseStat(42, stat('node', 'Z'))).toBeNull()
})
