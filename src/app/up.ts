import { resolve } from 'node:path'
import { loadSettings } from '../config/load.ts'
import { startLines } from '../config/problems.ts'
import { asFault } from '../core/fault.ts'
import { lacksOf, platformOf, workersOn } from '../core/platform.ts'
import type { Settings } from '../core/settings.ts'
import { acquireLock } from '../drivers/sqlite/lock.ts'
import { systemClock } from './clock.ts'
import { stopAll } from './down.ts'
import { movedFleets } from './fleets.ts'
import { createLog, createTerminalLog } from './log.ts'
import { SMALL_MEMORY } from './memory.ts'
import { statePaths } from './paths.ts'
import { adminBind, listenerBinds, takenPorts } from './preflight.ts'
import { readNote, removeNote, signal, spawnEntry, writeNote } from './processes.ts'
import { keep, type Part } from './supervisor.ts'
import { tell } from './tell.ts'
import { followTerminal } from './terminal.ts'

const PLATFORM = platformOf(process.platform)

/** `tidegate up FILE`: the supervisor. Starts or adopts the gateway and the controller and keeps them.
 *  The first Ctrl-C drains and stops everything in order, the second kills. Resolves with the exit code. */
export async function up(options: { file: string; json: boolean }): Promise<number> {
  const loaded = await loadSettings(options.file, process.env, Date.now())
  startLines(options.file, loaded.ok ? loaded.warnings : loaded.problems).forEach(tell)
  if (!loaded.ok) return 2
  const moved = movedFleets(loaded.settings)
  for (const problem of moved) tell(`${loaded.settings.file}: ${problem}`)
  if (moved.length > 0) return 2
  for (const lack of lacksOf(PLATFORM)) tell(`${process.platform}: ${lack} (docs/guides/platforms.md)`)
  const { settings } = loaded
  const paths = statePaths(settings.stateDir)
  try {
    using _lock = acquireLock(paths.supervisorLock)
    const taken =
      readNote(paths.gateway) || readNote(paths.controller)
        ? []
        : await takenPorts([...listenerBinds(settings), adminBind(settings)])
    for (const problem of taken) tell(`${settings.file}: ${problem}`)
    if (taken.length > 0) return 2
    writeNote(paths.supervisor, {})
    return await supervise(settings, options)
  } catch (error) {
    const fault = asFault(error)
    const busy = fault.code === 'store.busy' ? readNote(paths.supervisor) : null
    tell(
      busy
        ? `Tidegate already runs with ${settings.stateDir} (process ${busy.pid}); \`tidegate down\` stops it (store.busy)`
        : `${fault.message} (${fault.code})`,
    )
    return 1
  } finally {
    if (readNote<{ pid: number }>(paths.supervisor)?.pid === process.pid) removeNote(paths.supervisor)
  }
}

async function supervise(settings: Settings, options: { file: string; json: boolean }): Promise<number> {
  const tools = { clock: systemClock(), log: options.json ? createLog('supervisor') : createTerminalLog() }
  // A reader that goes away (`tidegate up | head`) must not end the supervision of what runs.
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners('error').on('error', () => {})
  const quit = new AbortController()
  const received = onSignals(settings, quit, tools)
  const watch = { ...tools, signal: quit.signal }
  const kept = partsOf(settings, options.file).map(async (part) => ({ part, code: await keep(part, watch) }))
  void followTerminal(settings, { ...watch, json: options.json })
  const ended = await Promise.race(kept)
  quit.abort()
  await Promise.all(kept)
  if (ended.code !== 0)
    tell(`the ${ended.part.name} cannot start; its log in ${settings.stateDir}/logs says why`)
  const { isWhole } = await Promise.race([
    stopAll(settings, tools, false),
    received.second.then(() => stopAll(settings, tools, true)),
  ])
  received.release()
  return ended.code !== 0 ? ended.code : received.interrupted() ? 130 : isWhole ? 0 : 1
}

function partsOf(settings: Settings, file: string): Part[] {
  const paths = statePaths(settings.stateDir)
  const { stateDir } = settings
  const workers = workersOn(PLATFORM, settings.gateway.workers)
  return [
    {
      name: 'gateway',
      // Killed during an upgrade it has left a successor, which may be putting one note in the other's place just now.
      find: () => readNote(paths.gateway) ?? readNote(paths.successor) ?? readNote(paths.gateway),
      start: () => spawnEntry('gateway-process', [stateDir, String(workers)], paths.gatewayLog),
    },
    {
      name: 'controller',
      find: () => readNote(paths.controller),
      start: () => spawnEntry('controller-process', [resolve(file)], paths.controllerLog, SMALL_MEMORY),
    },
  ]
}

/** SIGINT and SIGTERM stop, the second of them kills; SIGHUP goes to the controller, which loads the file anew. */
function onSignals(settings: Settings, quit: AbortController, tools: { log: ReturnType<typeof createLog> }) {
  let count = 0
  let interrupted = false
  const second = Promise.withResolvers<void>()
  const stop = (name: NodeJS.Signals): void => {
    interrupted ||= name === 'SIGINT'
    quit.abort()
    if (++count === 1) tools.log.info('stopping: draining servers; again to kill')
    else second.resolve()
  }
  const reload = (): void => {
    const controller = readNote(statePaths(settings.stateDir).controller)
    if (controller) signal(controller, 'SIGHUP')
  }
  // On Windows it is a console window that closes, and to send it would end the controller.
  const hangUp = PLATFORM.signals ? reload : stop
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', hangUp)
  const release = (): void => void process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', hangUp)
  return { second: second.promise, interrupted: () => interrupted, release }
}
