import { expect, test } from 'vitest'
import { addLines } from './raw-headers.ts'

function added(lines: string): string[] {
  const to: string[] = []
  addLines(lines, to)
  return to
}

test('values are taken without the blanks around them, and with every other byte', () => {
  expect(added('A: \t b c\t \r\nX-Empty:\r\nx-blank: \t\r\nLast: caf\xc3\xa0\r\n')).toEqual([
    'a',
    'b c',
    'x-empty',
    '',
    'x-blank',
    '',
    'last',
    'caf\xc3\xa0',
  ])
})

test('blanks within a value take no time, however many they are', () => {
  const value = `a${' '.repeat(200_000)}b`
  expect(added(`X: ${value}\r\n`)).toEqual(['x', value])
}, 1_000)
