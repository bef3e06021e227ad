import fc from 'fast-check'
import { expect, test } from 'vitest'
import { METRICS } from '../../core/metrics.ts'
import { evaluate } from './evaluate.ts'
import type { ArithmeticOp, CompareOp, Expression } from './expression.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { readRule } from './rule.ts'

const PIECES = [
  'cpu',
  'rps',
  'in-flight',
  'and',
  'or',
  'not',
  '(',
  ')',
  '>',
  '<=',
  '==',
  '+',
  ' - ',
  '-',
  '*',
  '/',
  '80%',
  '2000',
  '2GiB',
  '1m30s',
  '/s',
  ' ',
  '.',
  '!',
  'é',
]
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }).map((pieces) => pieces.join(' ')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }).map((pieces) => pieces.join('')),
)

test('any text gives a rule, or an error that points into it', () => {
  fc.assert(
    fc.property(text, (text) => {
      const rule = readRule(text, {})
      if (rule.kind === 'rule') return
      expect(rule.message).not.toBe('')
      expect(rule.column).toBeGreaterThanOrEqual(1)
      expect(rule.column).toBeLessThanOrEqual(Math.max(1, text.length))
    }),
    { numRuns: 500 },
  )
})

const nowhere = { text: '', column: 1 }
const quantity = fc.constantFrom('80%', '8', '0.5', '2000/s', '2GiB', '500Mbps', '300ms')
const { expression } = fc.letrec<{ number: Expression; expression: Expression }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 3 },
    quantity.map((text): Expression => ({ kind: 'quantity', value: 0, unit: 'plain', ...nowhere, text })),
    fc
      .constantFrom(...Object.keys(METRICS))
      .map((metric): Expression => ({ kind: 'metric', metric, unit: 'count', ...nowhere })),
    fc
      .tuple(fc.constantFrom<ArithmeticOp>('+', '-', '*', '/'), tie('number'), tie('number'))
      .map(([op, left, right]): Expression => ({ kind: 'arithmetic', op, left, right, ...nowhere })),
  ),
  expression: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(fc.constantFrom<CompareOp>('>', '>=', '<', '<=', '==', '!='), tie('number'), tie('number'))
      .map(([op, left, right]): Expression => ({ kind: 'compare', op, left, right, ...nowhere })),
    tie('expression').map((operand): Expression => ({ kind: 'not', operand, ...nowhere })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), tie('expression'), tie('expression'))
      .map(([kind, left, right]): Expression => ({ kind, left, right, ...nowhere })),
  ),
}))

/** The tree without the places. */
function shape(expression: Expression): unknown {
  switch (expression.kind) {
    case 'quantity':
      return expression.text
    case 'metric':
      return expression.metric
    case 'not':
      return { not: shape(expression.operand) }
    default:
      return {
        [`${expression.kind} ${'op' in expression ? expression.op : ''}`]: [
          shape(expression.left),
          shape(expression.right),
        ],
      }
  }
}

test('what is printed reads back as the same tree', () => {
  fc.assert(
    fc.property(expression, (expression) => {
      const printed = print(expression)
      fc.pre(printed.length <= 1000)
      const read = parse(printed, {})
      if (read.kind === 'error') throw new Error(`${printed}: ${read.message}`)
      expect(shape(read)).toEqual(shape(expression))
      expect(print(read)).toBe(printed)
    }),
    { numRuns: 500 },
  )
})

test('a checked rule has an answer for any readings, and evaluating never throws', () => {
  const reading = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }))
  fc.assert(
    fc.property(expression, fc.infiniteStream(reading), (expression, values) => {
      const rule = readRule(print(expression), {})
      fc.pre(rule.kind === 'rule')
      if (rule.kind !== 'rule') return
      expect([true, false, null]).toContain(evaluate(rule.expression, () => values.next().value))
    }),
    { numRuns: 500 },
  )
})

test('remembers of each part what the user wrote and where', () => {
  const read = parse('cpu > 80% and not (qps <  2)', {})
  expect(read).toMatchObject({
    text: 'cpu > 80% and not (qps <  2)',
    left: { text: 'cpu > 80%', column: 1 },
    right: { text: 'not (qps <  2)', column: 15, operand: { text: '(qps <  2)', column: 19 } },
  })
})
