import { SUFFIXES } from '../../core/units.ts'
import {
  type Arithmetic,
  type Comparison,
  type Expression,
  type RuleError,
  ruleError,
  type ValueUnit,
} from './expression.ts'

/** What an expression yields, found without any reading. */
export type Kind = ValueUnit | 'condition'

const NAMES: Readonly<Record<Kind, string>> = {
  ratio: 'a ratio',
  count: 'a count',
  'per-second': 'a rate per second',
  ms: 'a duration',
  bytes: 'a size in bytes',
  'bits-per-second': 'a bandwidth',
  plain: 'a plain number',
  condition: 'a condition',
}
const EXAMPLES: Readonly<Record<ValueUnit, string>> = {
  ratio: '80%',
  count: '8',
  'per-second': '2000 or 2000/s',
  ms: '300ms or 5m',
  bytes: '2GiB',
  'bits-per-second': '500Mbps',
  plain: '2',
}

/** The kind of the whole, or the first place where kinds do not fit. */
export function kindOf(expression: Expression): Kind | RuleError {
  switch (expression.kind) {
    case 'quantity':
    case 'metric':
      return expression.unit
    case 'arithmetic':
      return arithmeticKind(expression)
    case 'compare': {
      const unit = commonUnit(expression)
      return typeof unit === 'string' ? 'condition' : unit
    }
    case 'not':
      return conditionKind(expression.operand)
    case 'and':
    case 'or': {
      const left = conditionKind(expression.left)
      return typeof left === 'string' ? conditionKind(expression.right) : left
    }
    default:
      return expression satisfies never
  }
}

/** Holds an expression against being a condition, as `when` and the sides of `and`, `or`, `not` must be. */
export function conditionKind(expression: Expression): Kind | RuleError {
  const kind = kindOf(expression)
  if (typeof kind !== 'string' || kind === 'condition') return kind
  return ruleError(
    `\`${expression.text}\` is ${NAMES[kind]}, not a condition; compare it, as in ${expression.text} > ${EXAMPLES[kind]}`,
    expression.column,
  )
}

function unitOf(expression: Expression): ValueUnit | RuleError {
  const kind = kindOf(expression)
  if (kind !== 'condition') return kind
  return ruleError(
    `\`${expression.text}\` is a condition, a number is expected here; join conditions with \`and\` or \`or\``,
    expression.column,
  )
}

function arithmeticKind(expression: Arithmetic): ValueUnit | RuleError {
  if (expression.op === '+' || expression.op === '-') return commonUnit(expression)
  const left = unitOf(expression.left)
  const right = unitOf(expression.right)
  if (typeof left !== 'string') return left
  if (typeof right !== 'string') return right
  return (expression.op === '*' ? productUnit(left, right) : quotientUnit(left, right)) ?? scaled(expression)
}

/** Multiplying by a plain number or a share keeps the other's unit. */
function productUnit(left: ValueUnit, right: ValueUnit): ValueUnit | null {
  if (right === 'plain') return left
  if (left === 'plain' || left === 'ratio') return right
  return right === 'ratio' ? left : null
}

function quotientUnit(left: ValueUnit, right: ValueUnit): ValueUnit | null {
  if (left === right) return 'plain'
  return right === 'plain' || right === 'ratio' ? left : null
}

function scaled({ op, left, right, column }: Arithmetic): RuleError {
  const what = op === '*' ? 'multiplied by' : 'divided by'
  return ruleError(
    `\`${left.text}\` ${what} \`${right.text}\` has no unit known here; ${
      op === '*' ? 'one side must be a plain number' : 'divide by a plain number or by the same unit'
    }`,
    column,
  )
}

/** The unit that both sides share. A bare number takes the unit of the other side, if that may be written bare. */
function commonUnit({ op, left, right }: Arithmetic | Comparison): ValueUnit | RuleError {
  const [a, b] = [unitOf(left), unitOf(right)]
  if (typeof a !== 'string') return a
  if (typeof b !== 'string') return b
  if (a === b) return a
  if (b === 'plain') return bareNumber(right, left, a)
  if (a === 'plain') return bareNumber(left, right, b)
  const verb = op === '+' || op === '-' ? 'combined' : 'compared'
  const [odd, other, unit] = right.kind === 'quantity' ? [right, left, a] : [left, right, b]
  return ruleError(
    `\`${odd.text}\` cannot be ${verb} with \`${other.text}\`, which is ${NAMES[unit]}: write ${EXAMPLES[unit]}`,
    odd.column,
  )
}

function bareNumber(plain: Expression, other: Expression, unit: ValueUnit): ValueUnit | RuleError {
  const quantity = plain.kind === 'quantity' ? plain.value : null
  const bare = unit === 'plain' || Object.hasOwn(SUFFIXES[unit], '')
  // `cpu > 80` would never be true; whoever means more than 100 % can write it so.
  const percentMeant = unit === 'ratio' && quantity !== null && quantity > 1
  if (bare && !percentMeant) return unit
  const form = percentMeant ? `${quantity}% or ${Number((quantity / 100).toPrecision(4))}` : EXAMPLES[unit]
  return ruleError(
    `\`${other.text}\` is ${NAMES[unit]}: write ${form} instead of \`${plain.text}\``,
    plain.column,
  )
}
