import { expect, test } from 'vitest'
import type { Problem } from '../core/settings.ts'
import { formatPretty, formatProblem, sortProblems } from './problems.ts'

const problem: Problem = {
  file: 'tidegate.yaml',
  line: 2,
  column: 9,
  path: 'pools.api',
  message: 'unknown key',
  level: 'error',
}

test('a problem is one line that starts with its place', () => {
  expect(formatProblem(problem)).toBe('tidegate.yaml:2:9: pools.api: unknown key')
  expect(formatProblem({ ...problem, path: '', level: 'warning' })).toBe(
    'tidegate.yaml:2:9: warning: unknown key',
  )
})

test('the pretty form shows the line with a caret under the place', () => {
  expect(formatPretty(problem, 'pools:\n  api: { x: 1 }\n').split('\n').slice(1)).toEqual([
    '  2 |   api: { x: 1 }',
    '    |         ^',
  ])
})

test('the caret stays under the place in a long line and after a tab', () => {
  for (const line of [`${'a'.repeat(500)}§${'b'.repeat(500)}`, '\t\t§x']) {
    const column = line.indexOf('§') + 1
    const [, source = '', caret = ''] = formatPretty({ ...problem, line: 1, column }, line).split('\n')
    expect(source[caret.indexOf('^')]).toBe('§')
    expect(source.length).toBeLessThan(140)
  }
})

test('nothing in a file can command the terminal', () => {
  const text = formatPretty({ ...problem, line: 1, message: 'got \u001b[31m' }, 'a: "\u001b]0;title\u0007"')
  expect(text).not.toMatch(/[^\P{Cc}\n]/u)
})

test('problems come in the order of the file, errors first at one place', () => {
  const warning: Problem = { ...problem, level: 'warning' }
  const early = { ...problem, line: 1 }
  const left = { ...problem, column: 3 }
  expect(sortProblems([warning, problem, left, early])).toEqual([early, left, problem, warning])
})
