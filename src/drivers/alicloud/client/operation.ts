import type { Operation } from './rpc.ts'

/** Where RAM knows a product by another name than its API. */
const PREFIXES: Readonly<Record<string, string>> = { cas: 'yundun-cert' }
const RENAMED: Readonly<Record<string, string>> = { DescribeMetricLast: 'QueryMetricLast' }

/** An operation as a RAM policy names it: `ecs:RunInstances`. */
export function operationOf({ product, action }: Pick<Operation, 'product' | 'action'>): string {
  return `${PREFIXES[product] ?? product}:${RENAMED[action] ?? action}`
}
