import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hash64 } from '../../core/hash.ts'
import { platformOf } from '../../core/platform.ts'

/** Unix socket paths end at 104 bytes on some systems, at 108 on others. */
const MAX_BYTES = 100

/** Where the gateway of a state directory (an absolute path) listens: in it, or in a short place named by its hash; on Windows a named
 *  pipe. */
export function controlPathFor(stateDir: string, { unixSockets } = platformOf(process.platform)): string {
  if (!unixSockets) return `\\\\.\\pipe\\tidegate-${hash64(stateDir)}`
  const inside = join(stateDir, 'gateway.sock')
  if (Buffer.byteLength(inside) <= MAX_BYTES) return inside
  return join(tmpdir(), `tidegate-${hash64(stateDir)}`, 'gateway.sock')
}
