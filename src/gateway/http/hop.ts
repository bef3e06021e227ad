import { ClientHop } from '../http1/forward.ts'
import type { Peer } from '../worker/listeners/peer.ts'

/** What servers are told of a client's connection. */
export function hopOf({ localAddress, localPort, address, tls }: Peer): ClientHop {
  const authority = localAddress.includes(':') ? `[${localAddress}]` : localAddress
  return new ClientHop({
    clientAddress: address,
    scheme: tls === null ? 'http' : 'https',
    authority: `${authority}:${localPort}`,
    clientCertificate: tls?.client?.raw ?? null,
  })
}
