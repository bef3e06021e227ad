import type { Alb } from './alb.ts'

/** One server of a group, as the cloud has it. */
export interface ListedServer {
  readonly server: string
  readonly ip: string
  readonly port: number
  readonly weight: number
  readonly mark: string
  /** `Adding`, `Available`, `Configuring`. */
  readonly status: string
}

/** Without those that are leaving: they finish what they hold. */
export async function listServers(
  alb: Alb,
  group: string,
  signal: AbortSignal,
): Promise<readonly ListedServer[]> {
  const servers = await alb.list(
    { action: 'ListServerGroupServers', name: 'Servers', query: { ServerGroupId: group } },
    (row) => ({
      server: row.text('ServerId'),
      ip: row.has('ServerIp') ? row.text('ServerIp') : '',
      port: row.number('Port'),
      weight: row.number('Weight'),
      mark: row.has('Description') ? row.text('Description') : '',
      status: row.text('Status'),
    }),
    `server group ${group} cannot be read`,
    signal,
  )
  return servers.filter(({ status }) => status !== 'Removing')
}
