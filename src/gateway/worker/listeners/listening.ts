import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net'
import type { Bind } from '../../../core/balancer.ts'

const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL'])
const BACKLOG = 4096

/** How a listening socket is opened. */
export interface Opening {
  /** Other workers listen on the same port. */
  readonly reusePort: boolean
  /** A socket that listens already. */
  readonly fd?: number
  readonly onConnection: (socket: Socket) => void
}

/** A listening socket. */
export interface Listening {
  readonly bound: Bind
  /** For a successor; null = it cannot be handed over. */
  readonly fd: number | null
  /** Resets whatever waits in the socket's queue: only when the listener is really to go. */
  close(): void
}

/** '' listens on every interface, IPv6 and IPv4, or IPv4 alone where there is no IPv6. Rejects with the system's error. */
export function listen(bind: Bind, opening: Opening): Promise<Listening> {
  const { fd } = opening
  if (fd !== undefined) return listenOn({ fd }, opening)
  return withIPv6(bind.host, (host) => listenOn({ host, port: bind.port }, opening))
}

export async function withIPv6<T>(host: string, open: (host: string) => Promise<T>): Promise<T> {
  if (host !== '') return open(host)
  try {
    return await open('::')
  } catch (error) {
    if (!NO_IPV6.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    return open('0.0.0.0')
  }
}

function listenOn(at: Bind | { readonly fd: number }, opening: Opening): Promise<Listening> {
  const { reusePort, onConnection } = opening
  const server: NetServer = createServer({ allowHalfOpen: true, noDelay: true }, onConnection)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...at, reusePort, backlog: BACKLOG }, () => {
      server.removeListener('error', reject)
      // Out of descriptors, say: the next connection may find one.
      server.on('error', () => {})
      const address = server.address() as AddressInfo
      const bound = { host: address.address, port: address.port }
      resolve({ bound, fd: fdOf(server), close: () => server.close() })
    })
  })
}

/** Node tells it nobody else. Where sockets are no descriptors (Windows) it is -1. */
function fdOf(server: NetServer): number | null {
  const { fd = -1 } =
    (server as unknown as { readonly _handle: { readonly fd?: number } | null })._handle ?? {}
  return fd < 0 ? null : fd
}
