import type { FleetStatus } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import { type HistoryPoint, type HistoryReading, OTHER_COUNTS } from '../../core/history.ts'
import type { OtherRule } from '../../core/others.ts'
import type { DecisionRecord } from '../../core/store.ts'
import type { Millis } from '../../core/time.ts'
import type { Client } from '../client.ts'
import type { Context } from '../context.ts'
import { type Difference, differenceLine, differenceOf } from '../differences.ts'
import { explanation } from '../explain.ts'
import { rangeSince } from './history.ts'

export const NO_FLEET = 'There is no fleet: the number of servers is what the configuration says.'

/** `tidegate explain [FLEET]`: why each fleet has as many servers as it has, and why not another number. */
export async function explain({ client, out, json }: Context, name: string | undefined): Promise<number> {
  const fleets = await fleetsOf(client, name)
  if (fleets.length === 0) out.note(NO_FLEET)
  const explained = await Promise.all(
    fleets.map(async (fleet) => ({ fleet, change: await lastChange(client, fleet.name) })),
  )
  if (json)
    out.json({
      items: explained.map(({ fleet, change }) => ({ fleet, change: change ?? null })),
      next: null,
    })
  else
    for (const { fleet, change } of explained) for (const line of explanation(fleet, change)) out.line(line)
  return 0
}

/** `tidegate explain [FLEET] --since INSTANT`: how what was wanted differs from what other ways to scale would have wanted. */
export async function explainSince(
  { client, out, json, clock }: Context,
  name: string | undefined,
  since: string,
): Promise<number> {
  const range = rangeSince({ since }, Math.floor(clock.now()))
  const fleets = await fleetsOf(client, name)
  const items = await Promise.all(
    fleets.map(async ({ name: fleet }) => ({ fleet, differences: await differences(client, fleet, range) })),
  )
  if (fleets.length === 0) out.note(NO_FLEET)
  if (json) out.json({ items, next: null })
  for (const { fleet, differences } of items) {
    if (differences.length === 0)
      out.note(`${fleet}: nothing is known of other ways to scale in this time yet`)
    else if (!json) for (const one of differences) out.line(`${fleet} ${differenceLine(one)}`)
  }
  return 0
}

async function differences(
  client: Client,
  fleet: string,
  { fromAt, toAt }: { readonly fromAt: Millis; readonly toAt: Millis },
): Promise<readonly Difference[]> {
  const range = { from: String(fromAt), to: String(toAt) }
  const read = (metric: string, stepMs?: number) => {
    const step = stepMs === undefined ? {} : { step: `${stepMs}` }
    const query = new URLSearchParams({ fleet, metric, ...range, ...step })
    return client.get<Omit<HistoryReading, 'points'> & Page<HistoryPoint>>(`/api/v1/history?${query}`)
  }
  const { items: wanted, stepMs } = await read('want')
  const all = await Promise.all(
    Object.entries(OTHER_COUNTS).map(async ([rule, metric]) => {
      const others = await read(metric, stepMs)
      return differenceOf(rule as OtherRule, { wanted, others: others.items, stepMs })
    }),
  )
  return all.filter((one) => one !== null)
}

async function fleetsOf(client: Client, name: string | undefined): Promise<readonly FleetStatus[]> {
  if (name !== undefined) return [await client.get<FleetStatus>(`/api/v1/fleets/${encodeURIComponent(name)}`)]
  return (await client.get<Page<FleetStatus>>('/api/v1/fleets')).items
}

/** The last decision that led to steps, of the newest ones. */
async function lastChange(client: Client, fleet: string): Promise<DecisionRecord | undefined> {
  const path = `/api/v1/decisions?fleet=${encodeURIComponent(fleet)}&limit=50`
  return (await client.get<Page<DecisionRecord>>(path)).items.find(({ steps }) => steps.length > 0)
}
