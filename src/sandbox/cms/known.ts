import type { World } from '../world.ts'

/** In seconds. */
const OTHERS_PERIOD = 60

/** A metric as CloudMonitor lists it. */
export interface KnownMetric {
  readonly namespace: string
  readonly metric: string
  readonly unit: string
  /** The shortest period at which it is measured, in seconds. */
  readonly period: number
  readonly dimensions: string
  readonly help: string
}

const INSTANCE = 'userId,instanceId'

/** What the sandbox measures of its instances' processes, with the cloud's names: the hypervisor sees CPU once a minute, the agent inside
 *  a server CPU and memory every 15 seconds (https://www.alibabacloud.com/help/en/ecs/user-guide/metrics-of-ecs). */
const KNOWN: readonly KnownMetric[] = [
  ecs('CPUUtilization', 60, 'CPU utilization, seen from outside'),
  ecs('cpu_total', 15, 'CPU utilization, by the agent'),
  ecs('memory_usedutilization', 15, 'Memory utilization, by the agent'),
]

function ecs(metric: string, period: number, help: string): KnownMetric {
  return { namespace: 'acs_ecs_dashboard', metric, unit: '%', period, dimensions: INSTANCE, help }
}

/** These, and whatever else has been measured. */
export function knownMetrics({ cms }: World): readonly KnownMetric[] {
  const all = new Map(KNOWN.map((one) => [`${one.namespace} ${one.metric}`, one]))
  for (const { namespace, metric, dimensions } of cms.series.values()) {
    const key = `${namespace} ${metric}`
    const names = ['userId', ...Object.keys(dimensions)].join(',')
    const other = { namespace, metric, unit: '', period: OTHERS_PERIOD, dimensions: names, help: '' }
    if (!all.has(key)) all.set(key, other)
  }
  return [...all.values()]
}

/** In seconds; what the sandbox does not measure by itself is of a minute, as the cloud's other products are. */
export function shortestPeriod(namespace: string, metric: string): number {
  return KNOWN.find((one) => one.namespace === namespace && one.metric === metric)?.period ?? OTHERS_PERIOD
}
