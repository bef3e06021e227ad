import { join } from 'node:path'
import { loadSettings } from '../config/load.ts'
import { startLines } from '../config/problems.ts'
import { messageOf } from '../core/fault.ts'
import { platformOf, workersOn } from '../core/platform.ts'
import { openGateway } from '../drivers/gateway/open.ts'
import { controlPathFor } from '../drivers/gateway/path.ts'
import { startGateway } from '../gateway/main/start.ts'
import { systemClock } from './clock.ts'
import { createTerminalLog } from './log.ts'
import { listenerBinds, takenPorts } from './preflight.ts'
import { keepRotated } from './rotation.ts'
import { tell } from './tell.ts'

const DRAIN_MS = 10_000
const NEVER = new AbortController().signal

/** `tidegate gateway FILE`: the load balancer alone, in the foreground: listeners, rules and static members, no fleets.
 *  SIGINT and SIGTERM drain and end it. Resolves with the exit code. */
export async function runGateway(options: { file: string }): Promise<number> {
  const loaded = await loadSettings(options.file, process.env, Date.now())
  startLines(options.file, loaded.ok ? loaded.warnings : loaded.problems).forEach(tell)
  if (!loaded.ok) return 2
  const { settings } = loaded
  if (settings.fleets.length > 0)
    tell(
      `fleets are left out here: ${settings.fleets.map(({ name }) => name).join(', ')}; \`tidegate up\` runs them`,
    )
  const taken = await takenPorts(listenerBinds(settings))
  for (const problem of taken) tell(`${settings.file}: ${problem}`)
  if (taken.length > 0) return 2
  // A folder of its own: what `up` left behind, members of fleets among it, is not this gateway's to serve.
  const stateDir = join(settings.stateDir, 'gateway-alone')
  const controlPath = controlPathFor(stateDir)
  const log = createTerminalLog()
  let interrupted = false
  try {
    const workers = workersOn(platformOf(process.platform), settings.gateway.workers)
    const gateway = await startGateway({ stateDir, controlPath, workers, log })
    const stop = (name: NodeJS.Signals): void => {
      interrupted ||= name === 'SIGINT'
      void gateway.stop(DRAIN_MS)
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    await openGateway(controlPath, 0, systemClock())
      .balancer.configure(settings.balancer, NEVER)
      .catch(async (error: unknown) => {
        await gateway.stop(0)
        throw error
      })
    const places = settings.balancer.listeners.map(
      ({ name, bind }) => `${name} ${bind.host || '*'}:${bind.port}`,
    )
    tell(`the gateway is up: ${places.join(', ')}`)
    const tools = { clock: systemClock(), log }
    const ended = new AbortController()
    void keepRotated(() => ({ ...settings, stateDir }), tools, ended.signal)
    await gateway.stopped
    ended.abort()
    return interrupted ? 130 : 0
  } catch (error) {
    tell(messageOf(error))
    return 1
  }
}
