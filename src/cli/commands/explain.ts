import type { FleetStatus } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import type { DecisionRecord } from '../../core/store.ts'
import type { Client } from '../client.ts'
import type { Context } from '../context.ts'
import { explanation } from '../explain.ts'

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

async function fleetsOf(client: Client, name: string | undefined): Promise<readonly FleetStatus[]> {
  if (name !== undefined) return [await client.get<FleetStatus>(`/api/v1/fleets/${encodeURIComponent(name)}`)]
  return (await client.get<Page<FleetStatus>>('/api/v1/fleets')).items
}

/** The last decision that led to steps, of the newest ones. */
async function lastChange(client: Client, fleet: string): Promise<DecisionRecord | undefined> {
  const path = `/api/v1/decisions?fleet=${encodeURIComponent(fleet)}&limit=50`
  return (await client.get<Page<DecisionRecord>>(path)).items.find(({ steps }) => steps.length > 0)
}
