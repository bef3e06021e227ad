import { formatDuration, parseDuration } from '../../core/units.ts'
import type { FolderContext } from '../context.ts'
import { CliError } from '../errors.ts'

const MOST_MS = 24 * 60 * 60 * 1000

/** The gateway's program is started anew, as it is installed now, and no connection is lost by it. */
export async function upgrade(
  { stateDir, out, json, signal }: FolderContext,
  drain: string,
): Promise<number> {
  const drainMs = parseDuration(drain)
  if (drainMs === null || drainMs > MOST_MS) {
    throw new CliError(`--drain ${drain}: expected a duration such as 10m, of at most 24h`, 2)
  }
  const { upgradeGateway } = await import('../../app/upgrade.ts')
  const { pid } = await upgradeGateway(stateDir, drainMs, signal)
  if (json) out.json({ pid, drainMs })
  else
    out.line(
      `process ${pid} is the gateway now; the former one ends with its last connection, or in ${formatDuration(drainMs)}`,
    )
  return 0
}
