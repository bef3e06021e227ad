import type { Measurement } from '../cms/state.ts'
import { wrong } from './read-fault.ts'

/** What CloudMonitor is to have measured, as people order it. Throws a Refusal that names what is wrong. */
export function readMeasurement(
  { namespace, metric, dimensions, value }: Readonly<Record<string, unknown>>,
  account: string,
): Measurement {
  if (typeof namespace !== 'string' || typeof metric !== 'string')
    throw wrong('expected { namespace, metric, dimensions, value }, such as acs_ecs_dashboard, cpu_total')
  if (!isNames(dimensions)) throw wrong('dimensions: expected texts such as { "instanceId": "i-1" }')
  if (typeof value !== 'number') throw wrong('value: expected a number')
  return { account, namespace, metric, dimensions, value }
}

function isNames(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === 'string')
  )
}
