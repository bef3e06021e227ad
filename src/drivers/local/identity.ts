import { Fault } from '../../core/fault.ts'
import type { LaunchRequest } from '../../core/fleet.ts'
import type { Limits } from './cgroup/plan.ts'
import { readEnvironment, readProcesses } from './proc.ts'

/** What a server's environment says of it: the truth about who owns a process, which survives every restart of ours. */
export interface Identity {
  readonly installation: string
  readonly fleet: string
  readonly id: string
  readonly token: string
  readonly revision: string
  readonly port: number
  readonly limits: Limits
}

export function environmentOf(identity: Identity): Readonly<Record<string, string>> {
  const { cpus, memoryBytes } = identity.limits
  return {
    PORT: String(identity.port),
    TIDEGATE_INSTALLATION: identity.installation,
    TIDEGATE_FLEET: identity.fleet,
    TIDEGATE_SERVER_ID: identity.id,
    TIDEGATE_TOKEN: identity.token,
    TIDEGATE_REVISION: identity.revision,
    ...(cpus !== null && { TIDEGATE_CPUS: String(cpus) }),
    ...(memoryBytes !== null && { TIDEGATE_MEMORY_BYTES: String(memoryBytes) }),
  }
}

/** Null when the process was not started by Tidegate. */
export function identityOf(pid: number): Identity | null {
  const env = readEnvironment(pid)
  const installation = env.TIDEGATE_INSTALLATION
  const fleet = env.TIDEGATE_FLEET
  const id = env.TIDEGATE_SERVER_ID
  const token = env.TIDEGATE_TOKEN
  const revision = env.TIDEGATE_REVISION
  const port = Number(env.PORT)
  if (!installation || !fleet || !id || !token || revision === undefined || !port) return null
  const limits = { cpus: limitIn(env.TIDEGATE_CPUS), memoryBytes: limitIn(env.TIDEGATE_MEMORY_BYTES) }
  return { installation, fleet, id, token, revision, port, limits }
}

function limitIn(text: string | undefined): number | null {
  return Number(text) > 0 ? Number(text) : null
}

/** The same token and index always give the same id. Throws Fault request.invalid for a token without a sequence. */
export function serverId({ token, fleet }: LaunchRequest, index: number): string {
  const sequence = Number(token.slice(token.lastIndexOf('.') + 1))
  if (Number.isSafeInteger(sequence) && sequence > 0) return `${fleet}-${sequence.toString(36)}-${index}`
  throw new Fault('request.invalid', `token "${token}" does not end in a sequence`, {
    source: 'internal',
    retry: 'no',
  })
}

/** Kills what a server has left behind: its children inherit its environment, whatever session they moved to. */
export function killRemains(server: Pick<Identity, 'installation' | 'id' | 'token'>): void {
  for (const { pid } of readProcesses()) {
    const own = identityOf(pid)
    if (own?.installation !== server.installation || own.id !== server.id || own.token !== server.token)
      continue
    sendSignal(pid, 'SIGKILL')
  }
}

/** To a process, or to a whole group when `pid` is negative; gone already is fine. */
export function sendSignal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
