import { controlPathFor } from '../drivers/gateway/path.ts'
import { startGateway } from '../gateway/main/start.ts'
import { inheritance, successors } from './hand-over.ts'
import { createLog } from './log.ts'
import { statePaths } from './paths.ts'
import { readNote, removeNote, writeNote } from './processes.ts'

/** The gateway's process: `gateway-process STATE_DIR WORKERS`. SIGTERM drains and ends it. */
const [stateDir = '', workers = '1'] = process.argv.slice(2)
const DRAIN_MS = 10_000
const log = createLog('gateway')
const paths = statePaths(stateDir)
const inherited = inheritance()
const gateway = await startGateway({
  stateDir,
  controlPath: controlPathFor(stateDir),
  workers: Number(workers),
  log,
  startSuccessor: successors(paths),
  ...(inherited && { inheritance: inherited }),
})
process.on('SIGTERM', () => void gateway.stop(DRAIN_MS))
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})

// The former gateway's note is its own until it knows.
await inherited?.taken()
writeNote(paths.gateway, {})
if (inherited) removeNote(paths.successor)
await gateway.stopped
// A successor has written its own.
if (readNote(paths.gateway)?.pid === process.pid) removeNote(paths.gateway)
process.exit(0)
