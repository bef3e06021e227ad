import type { MetricName, Unit } from '../../core/metrics.ts'

/** A unit, or `plain`: a bare number or the quotient of two equal units. */
export type ValueUnit = Unit | 'plain'

export type CompareOp = '>' | '>=' | '<' | '<=' | '==' | '!='
export type ArithmeticOp = '+' | '-' | '*' | '/'

interface Place {
  /** As the user wrote it, for explanations. */
  readonly text: string
  /** From 1, of its first character in the rule. */
  readonly column: number
}

export type Quantity = Place & {
  readonly kind: 'quantity'
  /** In the unit's base. */
  readonly value: number
  readonly unit: ValueUnit
}
export type Metric = Place & {
  readonly kind: 'metric'
  readonly metric: MetricName
  readonly unit: Unit
}
export type Arithmetic = Place & {
  readonly kind: 'arithmetic'
  readonly op: ArithmeticOp
  readonly left: Expression
  readonly right: Expression
}
export type Comparison = Place & {
  readonly kind: 'compare'
  readonly op: CompareOp
  readonly left: Expression
  readonly right: Expression
}
export type Logic = Place & {
  readonly kind: 'and' | 'or'
  readonly left: Expression
  readonly right: Expression
}
export type Not = Place & { readonly kind: 'not'; readonly operand: Expression }

export type Expression = Quantity | Metric | Arithmetic | Comparison | Logic | Not

/** Where a rule is wrong and what to write instead. */
export interface RuleError {
  readonly kind: 'error'
  readonly message: string
  /** From 1, in the rule's text. */
  readonly column: number
}

export function ruleError(message: string, column: number): RuleError {
  return { kind: 'error', message, column }
}

/** The direct parts of an expression, left to right. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'quantity':
    case 'metric':
      return []
    case 'not':
      return [expression.operand]
    case 'arithmetic':
    case 'compare':
    case 'and':
    case 'or':
      return [expression.left, expression.right]
    default:
      return expression satisfies never
  }
}

/** Every metric that it reads, once each. */
export function metricsOf(expression: Expression): readonly MetricName[] {
  if (expression.kind === 'metric') return [expression.metric]
  return [...new Set(partsOf(expression).flatMap(metricsOf))]
}
