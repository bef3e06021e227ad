import { BALANCER_CASES } from './balancer.cases.ts'
import { COST_CASES } from './cost.cases.ts'
import type { BadCase } from './fixture.cases.ts'
import { HEALTH_CASES } from './health.cases.ts'
import { LISTENER_CASES } from './listener.cases.ts'
import { METRIC_CASES } from './metric.cases.ts'
import { POOL_CASES } from './pool.cases.ts'
import { RULE_CASES } from './rule.cases.ts'
import { SCHEDULE_CASES } from './schedule.cases.ts'
import { TUNING_CASES } from './tuning.cases.ts'

export const BAD_CASES: readonly BadCase[] = [
  ...LISTENER_CASES,
  ...RULE_CASES,
  ...POOL_CASES,
  ...HEALTH_CASES,
  ...SCHEDULE_CASES,
  ...METRIC_CASES,
  ...BALANCER_CASES,
  ...COST_CASES,
  ...TUNING_CASES,
]
