import type { Page } from '../../core/api.ts'
import type { AuditRecord, Standing } from '../../core/audit.ts'
import type { Context } from '../context.ts'
import { momentOf, orderLine } from '../format.ts'

/** `tidegate audit`: the newest writes to the API, oldest first, each with what it changed. */
export async function audit({ client, out, json }: Context, lines: number): Promise<number> {
  const { items } = await client.get<Page<AuditRecord>>(`/api/v1/audit?limit=${lines}`)
  for (const record of items.toReversed()) {
    if (json) {
      out.json(record)
      continue
    }
    const outcome = record.code === null ? '' : `: refused (${record.code})`
    out.line(
      `${momentOf(record.at)} ${record.who} at ${record.address}: ${record.what}${bodyOf(record)}${outcome}`,
    )
    for (const line of changed(record.before)) out.quote(`  - ${out.say(line)}`)
    for (const line of changed(record.after)) out.quote(`  + ${out.say(line)}`)
  }
  return 0
}

function changed({ orders = [], revision }: Partial<Standing>): string[] {
  return [...orders.map(orderLine), ...(revision === undefined ? [] : [`configuration ${revision}`])]
}

function bodyOf({ body }: AuditRecord): string {
  const text = JSON.stringify(body)
  return text === '{}' ? '' : ` ${text}`
}
