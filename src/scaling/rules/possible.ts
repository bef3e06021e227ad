import { METRICS, type MetricName } from '../../core/metrics.ts'
import { formatValue } from '../../core/units.ts'
import {
  type CompareOp,
  type Comparison,
  type Expression,
  type Metric,
  partsOf,
  type RuleError,
  ruleError,
} from './expression.ts'

/** An end of a range of values. */
interface Bound {
  readonly value: number
  /** Whether the value itself is outside. */
  readonly open: boolean
}

interface Range {
  readonly low: Bound
  readonly high: Bound
}

const ANY: Range = {
  low: { value: Number.NEGATIVE_INFINITY, open: true },
  high: { value: Number.POSITIVE_INFINITY, open: true },
}
/** No metric of our own is ever negative; who knows what a query gives. */
const NOT_NEGATIVE: Range = { ...ANY, low: { value: 0, open: false } }
const FLIPPED = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==', '!=': '!=' } as const

/** Finds a chain of `and`s that no reading can make true, as `cpu > 80% and cpu < 20%`; null when there is none. Looks only at
 *  metrics compared with quantities, and not below `not`: what it reports is always a mistake, what it does not may be one. */
export function findImpossible(expression: Expression): RuleError | null {
  if (expression.kind === 'not') return null
  if (expression.kind === 'or') return findImpossible(expression.left) ?? findImpossible(expression.right)
  const conjuncts = conjunctsOf(expression)
  const ranges = new Map<MetricName, Range>()
  for (const conjunct of conjuncts) {
    const bound = conjunct.kind === 'compare' ? rangeOf(conjunct) : null
    if (!bound) continue
    const { metric } = bound.metric
    const before = ranges.get(metric) ?? (Object.hasOwn(METRICS, metric) ? NOT_NEGATIVE : ANY)
    const both = intersect(before, bound.range)
    if (isEmpty(both)) return impossible(conjunct, bound.metric, before)
    ranges.set(metric, both)
  }
  return conjuncts
    .filter((conjunct) => conjunct.kind === 'or')
    .reduce<RuleError | null>((found, conjunct) => found ?? findImpossible(conjunct), null)
}

function conjunctsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? partsOf(expression).flatMap(conjunctsOf) : [expression]
}

function rangeOf({ op, left, right }: Comparison): { metric: Metric; range: Range } | null {
  if (left.kind === 'metric' && right.kind === 'quantity') {
    return { metric: left, range: range(op, right.value) }
  }
  if (left.kind === 'quantity' && right.kind === 'metric') {
    return { metric: right, range: range(FLIPPED[op], left.value) }
  }
  return null
}

function range(op: CompareOp, value: number): Range {
  const closed = { value, open: false }
  const open = { value, open: true }
  switch (op) {
    case '>':
      return { ...ANY, low: open }
    case '>=':
      return { ...ANY, low: closed }
    case '<':
      return { ...ANY, high: open }
    case '<=':
      return { ...ANY, high: closed }
    case '==':
      return { low: closed, high: closed }
    case '!=':
      return ANY
    default:
      return op satisfies never
  }
}

function intersect(a: Range, b: Range): Range {
  const lowFirst = a.low.value > b.low.value || (a.low.value === b.low.value && a.low.open)
  const highFirst = a.high.value < b.high.value || (a.high.value === b.high.value && a.high.open)
  return { low: lowFirst ? a.low : b.low, high: highFirst ? a.high : b.high }
}

function isEmpty({ low, high }: Range): boolean {
  return low.value > high.value || (low.value === high.value && (low.open || high.open))
}

function impossible(conjunct: Expression, { metric, unit }: Metric, { low, high }: Range): RuleError {
  const ends: readonly [Bound, string, string][] = [
    [low, 'above', 'at least'],
    [high, 'below', 'at most'],
  ]
  const known = ends
    .filter(([{ value }]) => Number.isFinite(value))
    .map(([{ value, open }, strictly, loosely]) => `${open ? strictly : loosely} ${formatValue(value, unit)}`)
  return ruleError(
    `this can never be true: ${metric} is already ${known.join(' and ')} when \`${conjunct.text}\` is asked`,
    conjunct.column,
  )
}
