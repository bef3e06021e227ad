import type { Socket } from 'node:net'

/** A client as its protocol sees it, once it has been admitted. */
export interface Peer {
  readonly socket: Socket
  /** Of the client: an IP address without `::ffff:`. */
  readonly address: string
  readonly port: number
  readonly localAddress: string
  readonly localPort: number
}

export function peerOf(socket: Socket): Peer {
  const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = socket
  return { socket, address: plain(remoteAddress), port: remotePort, localAddress, localPort }
}

/** A socket that listens on both families shows IPv4 addresses inside IPv6 ones. */
function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
