import { isIP, type Socket } from 'node:net'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { DEFAULT_GROUPS, type ServerTls } from '../../core/tls.ts'
import type { ServerTlsFacts } from '../http/server-side.ts'
import { groupOf } from './groups.ts'

/** TLS towards the servers of one pool, in one worker. Servers keep their own last session. */
export class ServerContext {
  readonly id: string
  readonly #tls: ServerTls
  readonly #context: SecureContext

  constructor(tls: ServerTls) {
    this.id = tls.id
    this.#tls = tls
    this.#context = createSecureContext({
      minVersion: 'TLSv1.2',
      ecdhCurve: DEFAULT_GROUPS.join(':'),
      ...(tls.ca !== null && { ca: tls.ca }),
      ...(tls.cert !== null && tls.key !== null && { cert: tls.cert, key: tls.key }),
    })
  }

  /** TLS over a connection that may still be opening. Its `secureConnect` says that it may be written to. */
  wrap(
    socket: Socket,
    host: string,
    about: { session: Buffer | null; protocols: readonly string[] },
  ): TLSSocket {
    const name = this.#tls.serverName ?? host
    return connect({
      socket,
      host: name,
      // RFC 6066 3: addresses are no names.
      servername: isIP(name) === 0 ? name : '',
      secureContext: this.#context,
      rejectUnauthorized: this.#tls.verify,
      ALPNProtocols: [...about.protocols],
      ...(about.session !== null && { session: about.session }),
    })
  }
}

/** Of a handshake that has been done. */
export function tlsFactsOf(socket: TLSSocket): ServerTlsFacts {
  const key = socket.getEphemeralKeyInfo() as { readonly name?: string } | null
  return { version: socket.getProtocol() ?? '', group: groupOf(key?.name), resumed: socket.isSessionReused() }
}
