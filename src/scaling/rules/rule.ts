import type { CustomMetrics, MetricName } from '../../core/metrics.ts'
import { conditionKind } from './check.ts'
import { type Expression, metricsOf, type RuleError, ruleError } from './expression.ts'
import { parse } from './parse.ts'
import { findImpossible } from './possible.ts'
import { print } from './print.ts'

/** A condition that has passed every check that needs no reading. */
export interface Rule {
  readonly kind: 'rule'
  /** In its plainest spelling. */
  readonly text: string
  readonly expression: Expression
  readonly metrics: readonly MetricName[]
}

/** Reads a `when`: syntax, units, that it is a condition about metrics, and that it can be true at all. */
export function readRule(text: string, custom: CustomMetrics): Rule | RuleError {
  const expression = parse(text, custom)
  if (expression.kind === 'error') return expression
  const kind = conditionKind(expression)
  if (typeof kind !== 'string') return kind
  const metrics = metricsOf(expression)
  if (metrics.length === 0) return ruleError('names no metric, so it would never change', 1)
  return findImpossible(expression) ?? { kind: 'rule', text: print(expression), expression, metrics }
}
