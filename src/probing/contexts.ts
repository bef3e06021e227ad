import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'
import { messageOf } from '../core/fault.ts'
import type { ServerTlsSpec } from '../core/tls.ts'

/** The runtime's own authorities, and the server's own name. */
export const DEFAULT_TLS: ServerTlsSpec = { verify: true, ca: null, serverName: null, cert: null, key: null }

interface Known {
  readonly marks: string
  readonly context: SecureContext
}

/** By specification, and gone with it. */
const contexts = new WeakMap<ServerTlsSpec, Known>()

/** Made of the files as they are now. Throws when one cannot be read or used. */
export function contextOf(tls: ServerTlsSpec): SecureContext {
  const marks = [tls.ca, tls.cert, tls.key].map(markOf).join('\n')
  const known = contexts.get(tls)
  if (known?.marks === marks) return known.context
  const context = createSecureContext({
    minVersion: 'TLSv1.2',
    ...(tls.ca !== null && { ca: readFileSync(tls.ca) }),
    ...(tls.cert !== null &&
      tls.key !== null && { cert: readFileSync(tls.cert), key: readFileSync(tls.key) }),
  })
  contexts.set(tls, { marks, context })
  return context
}

function markOf(file: string | null): string {
  if (file === null) return ''
  try {
    const { ino, size, mtimeMs } = statSync(file)
    return `${ino} ${size} ${mtimeMs}`
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`)
  }
}
