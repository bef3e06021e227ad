import type { Socket } from 'node:net'
import type { TlsGroup } from '../../../core/tls.ts'
import type { Reads } from '../reads.ts'

/** A client as its protocol sees it, once it has been admitted. */
export interface Peer {
  readonly socket: Socket
  /** Where the socket's bytes come from when there is no 'data'. */
  readonly reads: Reads | null
  /** Of the client: an IP address without `::ffff:`. */
  readonly address: string
  readonly port: number
  readonly localAddress: string
  readonly localPort: number
  /** The host that its TLS hello named. */
  readonly serverName: string | null
  /** Null = nothing is encrypted, or it is not for the gateway to read. */
  readonly tls: TlsFacts | null
}

/** What a TLS handshake with a client came to. */
export interface TlsFacts {
  readonly version: string
  /** By its name in the IANA registry. */
  readonly cipher: string
  /** Null = the session was resumed without a key exchange. */
  readonly group: TlsGroup | null
  /** Agreed on by ALPN; null = none. */
  readonly protocol: string | null
  readonly resumed: boolean
  /** Whose certificate has been verified; null = nobody's. */
  readonly client: ClientCertificate | null
  readonly handshakeMs: number
}

export interface ClientCertificate {
  readonly subject: string
  /** Hosts, addresses and URIs that it is for. */
  readonly names: readonly string[]
  /** In DER. */
  readonly raw: Buffer
}

export function peerOf(socket: Socket, reads: Reads | null): Peer {
  const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = socket
  const address = plain(remoteAddress)
  return { socket, reads, address, port: remotePort, localAddress, localPort, serverName: null, tls: null }
}

/** A socket that listens on both families shows IPv4 addresses inside IPv6 ones. */
export function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
