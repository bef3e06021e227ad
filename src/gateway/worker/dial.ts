import { connect, type Socket } from 'node:net'

/** Where a connection goes. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** Begins a connection to a server. `ready` is called once, when it may be written to; its failure is told by the socket. */
export function dial(to: Endpoint, ready: () => void): Socket {
  const socket = connect({ host: to.host, port: to.port, noDelay: true, allowHalfOpen: true })
  socket.on('connect', ready)
  return socket
}
