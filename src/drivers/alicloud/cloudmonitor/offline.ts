import type { Permission } from '../../../core/driver.ts'
import { callsARound, overBudget } from './budget.ts'
import type { CloudMonitorConfig, MetricConfig } from './config.ts'

/** Whether the month's calls last when all fleets are as large as they may be. */
export function cloudMonitorWarnings(
  { everyMs, callsAMonth }: CloudMonitorConfig,
  metrics: readonly MetricConfig[],
  fleets: readonly { readonly driver: string; readonly max: number }[],
): readonly string[] {
  const most = fleets
    .filter(({ driver }) => driver.startsWith('alicloud-'))
    .reduce((sum, { max }) => sum + max, 0)
  const calls = callsARound(metrics.map(({ serverKey }) => ({ servers: serverKey === null ? null : most })))
  const why = overBudget(everyMs, calls, callsAMonth)
  return why === null ? [] : [`with ${most} servers, ${why}`]
}

/** The permission bears another name than the operation. */
export function cloudMonitorPermissions(): readonly Permission[] {
  const why = 'metrics are read, the last points of each'
  return [{ action: 'cms:QueryMetricLast', why, resource: '*', isOwnOnly: false }]
}
