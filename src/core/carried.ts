import { type CustomMetrics, type MetricName, metricInfo, type Unit } from './metrics.ts'

/** What of a load each server is to carry. */
export interface Carried {
  readonly metric: MetricName
  /** In the metric's base unit; or, `ofCapacity`, as a share of all that a server can carry. */
  readonly value: number
  readonly ofCapacity?: true
}

/** Metrics of which a fleet's `capacity` tells how much a server can carry: they count requests a second. */
export const IN_CAPACITY: ReadonlySet<MetricName> = new Set(['rps', 'rps-per-server', 'throughput'])

/** In the metric's base unit; null = it is a share of what nobody knows. `capacityRps`: all that a server can carry. */
export function carriedOf({ value, ofCapacity }: Carried, capacityRps: number | null): number | null {
  if (!ofCapacity) return value
  return capacityRps === null ? null : value * capacityRps
}

/** The unit of its value. */
export function carriedUnit({ metric, ofCapacity }: Carried, metrics: CustomMetrics): Unit {
  return ofCapacity ? 'ratio' : metricInfo(metric, metrics).unit
}
