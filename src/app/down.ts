import { loadSettings } from '../config/load.ts'
import { formatProblem } from '../config/problems.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock, Logger } from '../core/time.ts'
import { systemClock } from './clock.ts'
import { type Deleted, deleteBalancers } from './delete-balancers.ts'
import { leavingFleets } from './fleets.ts'
import { type Retired, retireLeftovers } from './leftovers.ts'
import { createLog, createTerminalLog } from './log.ts'
import { statePaths } from './paths.ts'
import { isAlive, type ProcessMark, readNote, removeNote, signal } from './processes.ts'
import { stayingLines } from './staying-balancers.ts'
import { gone } from './supervisor.ts'
import { tell } from './tell.ts'

/** Beyond the drain: stopping processes and closing the journal. */
const GRACE_MS = 30_000
const GATEWAY_MS = 15_000
/** Without a drain deadline a server is waited for a day. */
const ENDLESS_MS = 86_400_000
const KILL_MS = 5_000
const PARTS = ['supervisor', 'controller', 'gateway'] as const

interface Tools {
  readonly clock: Clock
  readonly log: Logger
}

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
  const { stopped, alive, servers, deleted, isWhole } = await takeDown(settings, tools, options.balancers)
  if (options.json) process.stdout.write(`${JSON.stringify({ stopped, servers, deleted })}\n`)
  else {
    if (stopped.length > 0 || alive.length === 0) tell(stoppedText(stopped, servers, settings.stateDir))
    for (const one of deleted) tell(deletion(one))
    if (!options.balancers) for (const line of stayingLines(settings)) tell(line)
  }
  return isWhole ? 0 : 1
}

/** What `down` did. */
interface Down extends Retired {
  /** Processes that ran and are gone. */
  readonly stopped: readonly string[]
  readonly alive: readonly string[]
  readonly deleted: readonly Deleted[]
}

/** While a supervisor or a controller lives, no balancer is deleted: it would be bought again. */
export async function takeDown(settings: Settings, tools: Tools, balancers: boolean): Promise<Down> {
  const ran = running(settings)
  const supervisor = ran.find(({ name }) => name === 'supervisor')
  if (supervisor && signal(supervisor.mark, 'SIGTERM'))
    await gone(supervisor.mark, tools.clock, drainBudgetMs(settings) + GATEWAY_MS)
  const retired = await stopAll(settings, tools, false)
  const alive = running(settings)
  for (const { name, mark } of alive)
    tools.log.error(`the ${name} still runs (process ${mark.pid}): kill it, then run this again`)
  const isDown = alive.every(({ name }) => name === 'gateway')
  if (balancers && !isDown)
    tools.log.error('no load balancer is deleted: what still runs may create it again')
  const { deleted, isWhole } =
    balancers && isDown ? await deleteBalancers(settings, tools) : { deleted: [], isWhole: true }
  return {
    stopped: ran.filter(({ mark }) => !isAlive(mark)).map(({ name }) => name),
    alive: alive.map(({ name }) => name),
    servers: retired.servers,
    deleted,
    isWhole: retired.isWhole && alive.length === 0 && isWhole,
  }
}

/** What may also have been started by somebody else while this stops it. */
function running({ stateDir }: Settings): readonly { readonly name: string; readonly mark: ProcessMark }[] {
  const paths = statePaths(stateDir)
  return PARTS.flatMap((name) => {
    const mark = readNote(paths[name])
    return mark === null ? [] : [{ name, mark }]
  })
}

function stoppedText(parts: readonly string[], servers: number, stateDir: string): string {
  const left = servers === 0 ? '' : `; servers that nobody looked after: ${servers} stopped`
  return parts.length === 0
    ? `nothing of ${stateDir} was running${left}`
    : `stopped with their servers: ${parts.join(', ')}${left}`
}

function deletion({ balancer, id }: Deleted): string {
  return `${balancer}: ${id} was created for it and is deleted`
}

/** Stops in order: the controller (which drains and stops its servers), servers that are left, the gateway.
 *  `force` kills instead of draining. Safe to call again after a crash at any point. Tells of servers that no controller was there to
 *  drain. */
export async function stopAll(settings: Settings, tools: Tools, force: boolean): Promise<Retired> {
  const paths = statePaths(settings.stateDir)
  const controller = readNote(paths.controller)
  if (controller) {
    const inTime =
      !force && signal(controller, 'SIGINT') && (await gone(controller, tools.clock, drainBudgetMs(settings)))
    if (inTime || (await kill(controller, tools.clock))) removeNote(paths.controller)
  }
  const retired = await retireLeftovers(fleetsOf(settings), settings, tools)
  for (const path of [paths.successor, paths.gateway]) {
    const gateway = readNote(path)
    if (!gateway) continue
    const inTime = !force && signal(gateway, 'SIGTERM') && (await gone(gateway, tools.clock, GATEWAY_MS))
    if (inTime || (await kill(gateway, tools.clock))) removeNote(path)
  }
  return retired
}

/** False when it does not end even so. */
async function kill(mark: ProcessMark, clock: Clock): Promise<boolean> {
  signal(mark, 'SIGKILL')
  return await gone(mark, clock, KILL_MS)
}

function drainBudgetMs(settings: Settings): number {
  return GRACE_MS + Math.max(0, ...fleetsOf(settings).map((fleet) => fleet.drainMs ?? ENDLESS_MS))
}

/** Also those that a reload has brought or taken since these settings were loaded. */
function fleetsOf(settings: Settings): readonly FleetSpec[] {
  return [...settings.fleets, ...leavingFleets(settings)]
}
