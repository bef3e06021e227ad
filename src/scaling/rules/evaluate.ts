import type { MetricName } from '../../core/metrics.ts'
import type { Trace } from '../../core/scaling.ts'
import { type Arithmetic, type Comparison, type Expression, partsOf } from './expression.ts'

/** The value of a metric in its base unit; null = no data. */
export type Lookup = (metric: MetricName) => number | null

/** The value of a checked expression. null = no data, as the third truth value of Kleene: false and null = false,
 *  true or null = true, everything else with a null is null. A division by zero has no data either. */
export function evaluate(expression: Expression, lookup: Lookup): number | boolean | null {
  switch (expression.kind) {
    case 'quantity':
      return expression.value
    case 'metric':
      return lookup(expression.metric)
    case 'arithmetic':
      return calculate(expression, lookup)
    case 'compare':
      return compare(expression, lookup)
    case 'not': {
      const value = evaluate(expression.operand, lookup)
      return value === null ? null : value !== true
    }
    case 'and':
    case 'or': {
      const decisive = expression.kind === 'or'
      const left = evaluate(expression.left, lookup)
      if (left === decisive) return decisive
      const right = evaluate(expression.right, lookup)
      if (right === decisive) return decisive
      return left === null || right === null ? null : !decisive
    }
    default:
      return expression satisfies never
  }
}

/** The values of an expression and of all its parts, also of those that did not matter. */
export function traceOf(expression: Expression, lookup: Lookup): Trace {
  return {
    text: expression.text,
    value: evaluate(expression, lookup),
    parts: partsOf(expression).map((part) => traceOf(part, lookup)),
  }
}

function numbers(
  { left, right }: Arithmetic | Comparison,
  lookup: Lookup,
): { readonly a: number; readonly b: number } | null {
  const a = evaluate(left, lookup)
  const b = evaluate(right, lookup)
  return typeof a === 'number' && typeof b === 'number' ? { a, b } : null
}

function calculate(expression: Arithmetic, lookup: Lookup): number | null {
  const sides = numbers(expression, lookup)
  if (!sides) return null
  const result = apply(expression.op, sides.a, sides.b)
  return Number.isFinite(result) ? result : null
}

function apply(op: Arithmetic['op'], a: number, b: number): number {
  switch (op) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    default:
      return op satisfies never
  }
}

function compare(expression: Comparison, lookup: Lookup): boolean | null {
  const sides = numbers(expression, lookup)
  if (!sides) return null
  const { a, b } = sides
  switch (expression.op) {
    case '>':
      return a > b
    case '>=':
      return a >= b
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '==':
      return a === b
    case '!=':
      return a !== b
    default:
      return expression.op satisfies never
  }
}
