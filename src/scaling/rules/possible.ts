import { METRICS, type MetricName } from '../../core/metrics.ts'
import { formatValue } from '../../core/units.ts'
import {
  type CompareOp,
  type Comparison,
  type Expression,
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

/** No metric is ever negative. */
const ANY: Range = { low: { value: 0, open: false }, high: { value: Number.POSITIVE_INFINITY, open: true } }
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
    const before = ranges.get(bound.metric) ?? ANY
    const both = intersect(before, bound.range)
    if (isEmpty(both)) return impossible(conjunct, bound.metric, before)
    ranges.set(bound.metric, both)
  }
  return conjuncts
    .filter((conjunct) => conjunct.kind === 'or')
    .reduce<RuleError | null>((found, conjunct) => found ?? findImpossible(conjunct), null)
}

function conjunctsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? partsOf(expression).flatMap(conjunctsOf) : [expression]
}

function rangeOf({ op, left, right }: Comparison): { metric: MetricName; range: Range } | null {
  if (left.kind === 'metric' && right.kind === 'quantity') {
    return { metric: left.metric, range: range(op, right.value) }
  }
  if (left.kind === 'quantity' && right.kind === 'metric') {
    return { metric: right.metric, range: range(FLIPPED[op], left.value) }
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

function impossible(conjunct: Expression, metric: MetricName, { low, high }: Range): RuleError {
  const show = (value: number) => formatValue(value, METRICS[metric].unit)
  const above = `${low.open ? 'above' : 'at least'} ${show(low.value)}`
  const below = Number.isFinite(high.value)
    ? ` and ${high.open ? 'below' : 'at most'} ${show(high.value)}`
    : ''
  return ruleError(
    `this can never be true: ${metric} is already ${above}${below} when \`${conjunct.text}\` is asked`,
    conjunct.column,
  )
}
