import type { ReportField } from '../../../core/driver-fields.ts'
import { type Raw, readText } from '../read-keys.ts'

/** The instance of a balancer's section: the id of one that is there, or what is to be created. `what`: the former, for people. */
export function readInstance<Order>(
  raw: Raw,
  { what, readOrder }: { readonly what: string; readOrder(value: unknown, report: ReportField): Order },
  report: ReportField,
): string | Order {
  const id = readText(raw['load-balancer'], ['load-balancer'], report)
  if (raw.create === undefined || raw.create === null) {
    if (id === null) report(['load-balancer'], `expected the id of ${what}, or create`)
    return id ?? ''
  }
  if (id !== null) report(['create'], 'expected load-balancer or create, not both')
  return readOrder(raw.create, report)
}
