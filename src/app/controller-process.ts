import { resolve } from 'node:path'
import { loadSettings } from '../config/load.ts'
import { formatProblem } from '../config/problems.ts'
import { Turns } from '../controller/turns.ts'
import { asFault, type Fault, messageOf } from '../core/fault.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock, Logger } from '../core/time.ts'
import { threadForecaster } from '../drivers/forecast/thread.ts'
import { openGateway } from '../drivers/gateway/open.ts'
import { controlPathFor } from '../drivers/gateway/path.ts'
import { openSqliteHistory } from '../drivers/sqlite/history/open.ts'
import { acquireLock } from '../drivers/sqlite/lock.ts'
import { openSqliteStore } from '../drivers/sqlite/open.ts'
import { systemClock } from './clock.ts'
import { Controller } from './controller.ts'
import { hostOf } from './host.ts'
import { createLog } from './log.ts'
import { statePaths } from './paths.ts'
import { removeNote, writeNote } from './processes.ts'
import { Sources } from './sources.ts'
import { nap } from './supervisor.ts'
import { threadTuner } from './tuning-thread.ts'

/** The controller's process: `controller-process FILE`. SIGINT drains and stops every server, then ends; SIGTERM ends
 *  and leaves them; SIGHUP loads the file anew. Exit code 2: starting it again is useless. */
const LOCK_TRIES = 50
const LOCK_PAUSE_MS = 100
const USELESS = 2
const NEVER = new AbortController().signal

const log = createLog('controller')
const file = process.argv[2] ?? ''
const loaded = await loadSettings(file, process.env, Date.now())
if (loaded.ok) await run(loaded.settings).catch(giveUp)
else {
  for (const problem of loaded.problems) log.error(formatProblem(problem))
  process.exit(USELESS)
}

async function run(settings: Settings): Promise<void> {
  const clock = systemClock()
  const paths = statePaths(settings.stateDir)
  const lock = await lockPatiently(paths.controllerLock, clock)
  const store = openSqliteStore(paths.store, clock)
  const gateway = openGateway(controlPathFor(settings.stateDir), await store.claim(), clock)
  const host = hostOf(settings, { clock, log })
  const history = openSqliteHistory(paths.history, host, settings.history)
  const forecaster = threadForecaster()
  const sources = new Sources(host)
  const controller = new Controller(settings, {
    file,
    host,
    store,
    history,
    forecaster,
    tuner: threadTuner(),
    turns: new Turns(),
    gateway,
    sources,
    onDefect,
  })
  const bound = await controller.start()
  writeNote(paths.controller, { api: bound, file: resolve(file) })
  log.info('controller runs', { api: bound })

  const end = async (): Promise<void> => {
    await controller.close()
    await history[Symbol.asyncDispose]()
    await forecaster[Symbol.asyncDispose]()
    removeNote(paths.controller)
    store[Symbol.dispose]()
    lock[Symbol.dispose]()
    process.exit(0)
  }
  process.on(
    'SIGHUP',
    () => void controller.orders.reload('SIGHUP').catch((error) => log.error(messageOf(error))),
  )
  process.on('SIGTERM', () => void end().catch(onDefect))
  process.on('SIGINT', () => void controller.stopServers('stop').then(end).catch(onDefect))
}

/** A predecessor that was killed may still be going. */
async function lockPatiently(path: string, clock: Clock): Promise<Disposable> {
  for (let attempt = 1; ; attempt++) {
    try {
      return acquireLock(path)
    } catch (error) {
      if (attempt === LOCK_TRIES || asFault(error).code !== 'store.busy') throw error
      await nap(clock, LOCK_PAUSE_MS, NEVER)
    }
  }
}

/** Whatever it is, the journal holds: the next start looks at the world anew. */
function onDefect(error: unknown): void {
  logDefect(log, error)
  process.exit(1)
}

function giveUp(error: unknown): void {
  const fault: Fault = asFault(error)
  logDefect(log, error)
  process.exit(fault.code === 'config.invalid' || fault.code === 'port.taken' ? USELESS : 1)
}

function logDefect(to: Logger, error: unknown): void {
  to.error(messageOf(error), {
    code: asFault(error).code,
    stack: error instanceof Error ? error.stack : undefined,
  })
}
