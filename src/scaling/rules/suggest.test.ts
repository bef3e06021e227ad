import { expect, test } from 'vitest'
import { editDistance, nearest } from './suggest.ts'

test.each([
  ['', '', 0],
  ['cpu', 'cpu', 0],
  ['cpu', '', 3],
  ['cup', 'cpu', 1],
  ['memroy', 'memory', 1],
  ['kitten', 'sitting', 3],
])('%s is so many edits from %s', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
  expect(editDistance(b, a)).toBe(distance)
})

test('suggests the closest candidate, whatever the case', () => {
  expect(nearest('Memmory', ['cpu', 'memory', 'rps'])).toBe('memory')
})

test('suggests nothing when nothing is close', () => {
  expect(nearest('bananas', ['cpu', 'memory', 'rps'])).toBeNull()
})
