import type { Alb } from './alb.ts'

/** One server of a group, as the cloud has it. */
export interface ListedServer {
  readonly server: string
  readonly ip: string
  readonly port: number
  readonly weight: number
  readonly mark: string
  /** `Adding`, `Available`, `Configuring`, `Removing`. */
  readonly status: string
}

export async function listServers(
  alb: Alb,
  group: string,
  signal: AbortSignal,
): Promise<readonly ListedServer[]> {
  return await alb.list(
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
}

/** It finishes what it holds, and cannot be changed. */
export function isLeaving({ status }: ListedServer): boolean {
  return status === 'Removing'
}
