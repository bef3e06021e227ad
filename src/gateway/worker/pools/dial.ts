import { Socket } from 'node:net'
import type { ProxyVersion, UpstreamSpec } from '../../../core/balancer.ts'
import { canonical } from '../../../core/canonical.ts'
import type { KeepAliveSpec } from '../../../core/keep-alive.ts'
import { proxyHeader } from '../../proxy-protocol/write.ts'
import type { ServerContext } from '../../tls/server-context.ts'
import type { Peer } from '../listeners/peer.ts'
import type { Reads } from '../reads.ts'

/** Where a connection goes, and how it is made. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** What its certificate must be for. */
  readonly name: string
  readonly keepAlive: KeepAliveSpec
  /** Null = the server is not told whose connection it is. */
  readonly proxyProtocol: ProxyVersion | null
  /** Null = in plain bytes. */
  readonly tls: ServerContext | null
  /** Offered by ALPN; none = it is not asked. */
  readonly protocols: readonly string[]
  /** Its last TLS session. */
  session: Buffer | null
}

/** What of a specification decides how a connection is made: pools that differ in it share none. */
export function kindOf(
  { keepAlive, proxyProtocol, protocol }: UpstreamSpec,
  tls: ServerContext | null,
): string {
  return canonical({ keepAlive, proxyProtocol, protocol, tls: tls?.id ?? null })
}

/** Begins a connection to a server, for a client. `ready` is called once, when it may be written to; its failure is told by the socket.
 *  With `reads`, which plain connections can have, these get the bytes, and there is no 'data'. */
export function dial(to: Endpoint, client: Peer, ready: () => void, reads: Reads | null = null): Socket {
  const socket = new Socket({ allowHalfOpen: true, ...(reads && { onread: reads.onread }) })
  socket.setNoDelay(true)
  keepAlive(socket, to.keepAlive)
  socket.on('connect', () => {
    if (to.proxyProtocol !== null) socket.write(proxyHeader(to.proxyProtocol, client))
    if (to.tls === null) ready()
  })
  socket.connect(to.port, to.host)
  return to.tls === null ? socket : encrypted(socket, to, to.tls, ready)
}

function encrypted(socket: Socket, to: Endpoint, tls: ServerContext, ready: () => void): Socket {
  const secure = tls.wrap(socket, to.name, { session: to.session, protocols: to.protocols })
  socket.on('error', (error) => secure.destroy(error))
  secure.on('session', (session: Buffer) => {
    to.session = session
  })
  secure.on('secureConnect', ready)
  secure.on('close', () => socket.destroy())
  return secure
}

/** Options of servers and connections know the idle time alone, and leave a second between ten probes. */
export function keepAlive(socket: Socket, { idleMs, intervalMs, count }: KeepAliveSpec): void {
  socket.setKeepAlive(true, idleMs, intervalMs, count)
}
