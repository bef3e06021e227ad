import { openCalls } from '../drivers/gateway/call.ts'
import { controlPathFor } from '../drivers/gateway/path.ts'

/** Lets the gateway of a state directory start its successor. Resolves with that one's process when it serves. Throws Fault. */
export async function upgradeGateway(
  stateDir: string,
  drainMs: number,
  signal: AbortSignal,
): Promise<{ readonly pid: number }> {
  const calls = openCalls(controlPathFor(stateDir))
  try {
    return (await calls.call('POST', '/upgrade', { drainMs }, signal)) as { readonly pid: number }
  } finally {
    calls.close()
  }
}
