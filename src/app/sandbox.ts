import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../core/fault.ts'
import type { Logger } from '../core/time.ts'
import { carryTraffic } from '../sandbox/carry/carry.ts'
import { delaysAt } from '../sandbox/delays.ts'
import { runProcesses } from '../sandbox/processes.ts'
import { SAMPLE_KEY, sampleWorld } from '../sandbox/sample.ts'
import { type Served, serveSandbox } from '../sandbox/serve.ts'
import { systemClock } from './clock.ts'
import { createTerminalLog } from './log.ts'
import { tell } from './tell.ts'

/** `tidegate sandbox`: a local Alibaba Cloud in the foreground, whose servers are processes of this machine and
 *  whose load balancers are a gateway. SIGINT and SIGTERM end it, and them. Resolves with the exit code. */
export async function runSandbox({
  port,
  speed,
  network,
  json,
}: {
  readonly port: number
  readonly speed: number
  /** The second byte of its addresses. */
  readonly network: number
  readonly json: boolean
}): Promise<number> {
  const clock = systemClock()
  const stopped = new Promise<void>((stop) => {
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })
  let served: Served
  try {
    const world = sampleWorld(`127.${network}`)
    served = await serveSandbox({ ...world, delays: delaysAt(speed) }, { port, clock })
  } catch (error) {
    tell(`port ${port}: ${messageOf(error)}`)
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-sandbox-'))
  const processes = runProcesses(served, { folder, clock })
  const traffic = await carryTraffic(served, { folder: join(folder, 'gateway'), clock, log: troubleLog() })
  announce(served, json)
  await stopped
  await traffic[Symbol.asyncDispose]()
  await processes[Symbol.asyncDispose]()
  await served[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
  return 0
}

/** What a gateway does as it should is not said here. */
function troubleLog(): Logger {
  return { ...createTerminalLog(), info: () => {} }
}

function announce({ url, world }: Served, json: boolean): void {
  const { regions, types, images, vSwitches, securityGroups } = world().ecs
  const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id)
  const about = {
    endpoint: url,
    accessKeyId: SAMPLE_KEY.id,
    accessKeySecret: SAMPLE_KEY.secret,
    regions: Object.keys(regions),
    vswitches: ids(vSwitches),
    'security-groups': ids(securityGroups),
    images,
    'instance-types': ids(types),
  }
  if (json) process.stdout.write(`${JSON.stringify(about)}\n`)
  else
    for (const [name, value] of Object.entries(about))
      process.stdout.write(`${name}: ${[value].flat().join(', ')}\n`)
}
