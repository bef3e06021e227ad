import { controlPathFor } from '../drivers/gateway/path.ts'
import { startGateway } from '../gateway/main/gateway.ts'
import { createLog } from './log.ts'
import { statePaths } from './paths.ts'
import { removeNote, writeNote } from './processes.ts'

/** The gateway's process: `gateway-process STATE_DIR WORKERS`. SIGTERM drains and ends it. */
const [stateDir = '', workers = '1'] = process.argv.slice(2)
const DRAIN_MS = 10_000
const log = createLog('gateway')
const paths = statePaths(stateDir)
const gateway = await startGateway({
  stateDir,
  controlPath: controlPathFor(stateDir),
  workers: Number(workers),
  log,
})
writeNote(paths.gateway, {})

process.on('SIGTERM', () => void gateway.stop(DRAIN_MS))
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
await gateway.stopped
removeNote(paths.gateway)
process.exit(0)
