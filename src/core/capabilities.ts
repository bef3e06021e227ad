import { ALGORITHMS } from './algorithm.ts'
import { HEALTH_TYPES } from './health.ts'
import { ENCODINGS } from './traffic.ts'
import { WEIGHT_POLICIES } from './weights.ts'

/** What a balancer can do, or cannot. */
export interface Capability {
  readonly name: string
  readonly has: boolean
  /** How far; when it cannot: why. */
  readonly detail: string
  /** Who can. */
  readonly elsewhere?: readonly string[]
}

const yes = (name: string, detail: string): Capability => ({ name, has: true, detail })
const no = (name: string, detail: string, elsewhere: readonly string[]) => ({
  name,
  has: false as const,
  detail,
  elsewhere,
})

export const HTTP3 = no('http/3', 'this runtime has no QUIC', [
  'HAProxy',
  'nginx',
  'Envoy',
  'Caddy',
  'cloud balancers',
])

/** Of the gateway that comes with Tidegate. */
export const GATEWAY_CAPABILITIES: readonly Capability[] = [
  yes('http/1.1', 'to clients and servers, WebSocket and server-sent events included'),
  yes('http/2', 'to clients and servers, gRPC included; WebSocket to clients'),
  HTTP3,
  yes('tcp', 'to clients and servers'),
  yes('udp', 'a session a source'),
  yes('tls', '1.2 and 1.3, to clients and servers; client certificates; passed through by name'),
  yes('post-quantum keys', 'X25519MLKEM768, on both sides'),
  yes('proxy protocol', 'v1 and v2, from clients and to servers'),
  yes('rules', 'host, path, regular expression, method, header, cookie, query, network'),
  yes('actions', 'pool, split, mirror, redirect, rewrite, fixed answer, headers'),
  yes('algorithms', ALGORITHMS.join(', ')),
  yes('weights', `0 to 1000; ${WEIGHT_POLICIES.join(', ')}`),
  yes('affinity', 'signed cookie'),
  yes('health checks', HEALTH_TYPES.join(', ')),
  yes('compression', ENCODINGS.join(', ')),
  yes('cache', 'in memory, RFC 9111; purge by API'),
  no('cache on disk', 'what is kept is lost with the process', ['nginx', 'Varnish']),
  yes('rate limits', 'by source, header, cookie or path; each gateway counts alone'),
  no('rate limits of several gateways together', 'each gateway counts alone', ['Envoy']),
  yes('upgrade', 'without losing a connection'),
]
