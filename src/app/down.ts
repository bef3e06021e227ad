import { loadSettings } from '../config/load.ts'
import { formatProblem } from '../config/problems.ts'
import { messageOf } from '../core/fault.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock, Host, Logger } from '../core/time.ts'
import { systemClock } from './clock.ts'
import { type Deleted, deleteBalancers } from './delete-balancers.ts'
import { leavingFleets } from './fleets.ts'
import { createLog, createTerminalLog } from './log.ts'
import { openDriver } from './open-driver.ts'
import { statePaths } from './paths.ts'
import { type ProcessMark, readNote, removeNote, signal } from './processes.ts'
import { gone, nap } from './supervisor.ts'
import { tell } from './tell.ts'

/** Beyond the drain: stopping processes and closing the journal. */
const GRACE_MS = 30_000
const GATEWAY_MS = 15_000
/** Without a drain deadline a server is waited for a day. */
const ENDLESS_MS = 86_400_000
const KILL_MS = 5_000
const NEVER = new AbortController().signal

/** `tidegate down`: stops all that the file's state directory owns: supervisor, servers, gateway. With `balancers` those that were
 *  created for the file are deleted then. Exit code. */
export async function down(options: {
  readonly file: string
  readonly json: boolean
  readonly balancers: boolean
}): Promise<number> {
  const loaded = await loadSettings(options.file, process.env, Date.now())
  if (!loaded.ok) {
    for (const problem of loaded.problems) tell(formatProblem(problem))
    return 2
  }
  const { settings } = loaded
  const tools = { clock: systemClock(), log: options.json ? createLog('down') : createTerminalLog() }
  const paths = statePaths(settings.stateDir)
  const parts = (['supervisor', 'controller', 'gateway'] as const).filter((part) => readNote(paths[part]))
  const supervisor = readNote(paths.supervisor)
  if (supervisor) {
    signal(supervisor, 'SIGTERM')
    await gone(supervisor, tools.clock, drainBudgetMs(settings) + GATEWAY_MS)
  }
  const servers = await stopAll(settings, tools, false)
  const { deleted, isWhole } = options.balancers
    ? await deleteBalancers(settings, tools)
    : { deleted: [], isWhole: true }
  if (options.json) process.stdout.write(`${JSON.stringify({ stopped: parts, servers, deleted })}\n`)
  else for (const line of [stopped(parts, servers, settings.stateDir), ...deleted.map(deletion)]) tell(line)
  return isWhole ? 0 : 1
}

function stopped(parts: readonly string[], servers: number, stateDir: string): string {
  const left = servers === 0 ? '' : `; servers that nobody looked after: ${servers} stopped`
  return parts.length === 0
    ? `nothing of ${stateDir} was running${left}`
    : `stopped with their servers: ${parts.join(', ')}${left}`
}

function deletion({ balancer, id }: Deleted): string {
  return `${balancer}: ${id} was created for it and is deleted`
}

/** Stops in order: the controller (which drains and stops its servers), servers that are left, the gateway.
 *  `force` kills instead of draining. Safe to call again after a crash at any point. Gives the number of servers that no controller
 *  was there to drain. */
export async function stopAll(
  settings: Settings,
  tools: { clock: Clock; log: Logger },
  force: boolean,
): Promise<number> {
  const paths = statePaths(settings.stateDir)
  const controller = readNote(paths.controller)
  if (controller) {
    const inTime =
      !force && signal(controller, 'SIGINT') && (await gone(controller, tools.clock, drainBudgetMs(settings)))
    if (!inTime) await kill(controller, tools.clock)
    removeNote(paths.controller)
  }
  const servers = await retireLeftovers(settings, tools)
  for (const path of [paths.successor, paths.gateway]) {
    const gateway = readNote(path)
    if (!gateway) continue
    const inTime = !force && signal(gateway, 'SIGTERM') && (await gone(gateway, tools.clock, GATEWAY_MS))
    if (!inTime) await kill(gateway, tools.clock)
    removeNote(path)
  }
  return servers
}

async function kill(mark: ProcessMark, clock: Clock): Promise<void> {
  signal(mark, 'SIGKILL')
  await gone(mark, clock, KILL_MS)
}

function drainBudgetMs(settings: Settings): number {
  return GRACE_MS + Math.max(0, ...fleetsOf(settings).map((fleet) => fleet.drainMs ?? ENDLESS_MS))
}

/** Also those that a reload has brought or taken since these settings were loaded. */
function fleetsOf(settings: Settings): readonly FleetSpec[] {
  return [...settings.fleets, ...leavingFleets(settings)]
}

/** Servers that a dead controller left behind belong to nobody else: they are stopped without draining. One fleet that cannot be
 *  reached keeps nobody from stopping the rest. Gives how many there were. */
async function retireLeftovers(settings: Settings, tools: { clock: Clock; log: Logger }): Promise<number> {
  const host: Host = {
    ...tools,
    rng: Math.random,
    installation: settings.installation,
    stateDir: settings.stateDir,
  }
  let count = 0
  for (const spec of fleetsOf(settings)) {
    try {
      count += await retireAll(spec, settings, host)
    } catch (error) {
      tools.log.error(`servers of ${spec.name} may be left: ${messageOf(error)}`)
    }
  }
  return count
}

async function retireAll(spec: FleetSpec, settings: Settings, host: Host): Promise<number> {
  await using opened = await openDriver(spec, settings, host)
  const retired = new Set<string>()
  for (;;) {
    const { servers } = await opened.fleet.list(NEVER)
    const left = servers.map((server) => server.id)
    if (left.length === 0) return retired.size
    for (const id of left) retired.add(id)
    await opened.fleet.retire(left, NEVER)
    await nap(host.clock, 100, NEVER)
  }
}
