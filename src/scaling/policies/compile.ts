import type { CustomMetrics } from '../../core/metrics.ts'
import type { FleetSpec, PolicySpec, SourceText } from '../../core/policy.ts'
import type { ScalingPolicy } from '../../core/scaling.ts'
import { readRule } from '../rules/rule.ts'
import { forecastPolicy } from './forecast.ts'
import { schedulePolicy } from './schedule.ts'
import { seasonalPolicy } from './seasonal.ts'
import { stepPolicy } from './step.ts'
import { targetPolicy } from './target.ts'

/** What is wrong with the text of a policy. */
export interface PolicyProblem {
  readonly policy: string
  readonly message: string
  readonly at: SourceText
  /** From 1, in `at.text`. */
  readonly column: number
}

export type Compiled =
  | { readonly ok: true; readonly policies: readonly ScalingPolicy[] }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

/** Policies from their data, all or none; every problem at once. `custom`: the metrics that they may name beside our own. */
export function compilePolicies(specs: readonly PolicySpec[], custom: CustomMetrics): Compiled {
  const compiled = specs.map((spec) => compile(spec, custom))
  const problems = compiled.filter((one) => 'message' in one)
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, policies: compiled.filter((one) => 'opine' in one) }
}

/** Those of a fleet whose configuration was found to be right. */
export function policiesOf({
  policies,
  metrics,
}: Pick<FleetSpec, 'policies' | 'metrics'>): readonly ScalingPolicy[] {
  const compiled = compilePolicies(policies, metrics)
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join('; '))
  return compiled.policies
}

function compile(spec: PolicySpec, custom: CustomMetrics): ScalingPolicy | PolicyProblem {
  switch (spec.type) {
    case 'target':
      return targetPolicy(spec)
    case 'seasonal':
      return seasonalPolicy(spec)
    case 'forecast':
      return forecastPolicy(spec)
    case 'step': {
      const rule = readRule(spec.when.text, custom)
      if (rule.kind === 'rule') return stepPolicy(spec, rule)
      return { policy: spec.name, message: rule.message, at: spec.when, column: rule.column }
    }
    case 'schedule':
    case 'calendar':
      return schedulePolicy(spec)
    default:
      return spec satisfies never
  }
}
