import { expect, test } from 'vitest'
import type { MetricName } from '../../core/metrics.ts'
import { evaluate, traceOf } from './evaluate.ts'
import { parse } from './parse.ts'

const READINGS: Readonly<Record<MetricName, number>> = { cpu: 0.5, rps: 300, 'rps-per-server': 100 }

function valued(text: string): number | boolean | null {
  const expression = parse(text, {})
  if (expression.kind === 'error') throw new Error(expression.message)
  return evaluate(expression, (metric) => READINGS[metric] ?? null)
}

test.each<[string, number | boolean | null]>([
  ['cpu > 40%', true],
  ['cpu > 50%', false],
  ['cpu >= 50%', true],
  ['cpu < 50%', false],
  ['cpu <= 50%', true],
  ['cpu == 50%', true],
  ['cpu != 50%', false],
  ['rps / rps-per-server', 3],
  ['rps - 100 - 50', 150],
  ['rps / 2 / 3', 50],
  ['100 + 2 * 3', 106],
  ['(100 + 2) * 3', 306],
  ['qps > 200', true],
  ['not cpu > 40% and rps > 1', false],
  ['cpu > 90% and rps > 1 or rps > 2', true],
  ['cpu > 90% and (rps > 1 or rps > 2)', false],
])('%s is %s', (text, value) => {
  expect(valued(text)).toBe(value)
})

test.each<[string, number | boolean | null]>([
  ['memory > 1%', null],
  ['memory + 1%', null],
  ['not memory > 1%', null],
  ['memory > 1% and cpu > 90%', false],
  ['cpu > 90% and memory > 1%', false],
  ['memory > 1% and cpu > 1%', null],
  ['cpu > 1% and memory > 1%', null],
  ['memory > 1% or cpu > 1%', true],
  ['cpu > 1% or memory > 1%', true],
  ['memory > 1% or cpu > 90%', null],
  ['cpu > 90% or memory > 1%', null],
  ['rps / 0 > 1', null],
])('without data for memory, %s is %s', (text, value) => {
  expect(valued(text)).toBe(value)
})

test('the trace shows every part, also those that did not matter', () => {
  const expression = parse('cpu > 90% and memory > 1%', {})
  if (expression.kind === 'error') throw new Error(expression.message)
  expect(traceOf(expression, (metric) => READINGS[metric] ?? null)).toEqual({
    text: 'cpu > 90% and memory > 1%',
    value: false,
    parts: [
      {
        text: 'cpu > 90%',
        value: false,
        parts: [
          { text: 'cpu', value: 0.5, parts: [] },
          { text: '90%', value: 0.9, parts: [] },
        ],
      },
      {
        text: 'memory > 1%',
        value: null,
        parts: [
          { text: 'memory', value: null, parts: [] },
          { text: '1%', value: 0.01, parts: [] },
        ],
      },
    ],
  })
})
