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

export const can = (name: string, detail: string): Capability => ({ name, has: true, detail })
export const cannot = (name: string, detail: string, elsewhere: readonly string[]) => ({
  name,
  has: false as const,
  detail,
  elsewhere,
})

export const HTTP3 = cannot('http/3', 'this runtime has no QUIC', [
  'HAProxy',
  'nginx',
  'Envoy',
  'Caddy',
  'cloud balancers',
])

/** Of the gateway that comes with Tidegate. */
export const GATEWAY_CAPABILITIES: readonly Capability[] = [
  can('http/1.1', 'to clients and servers, WebSocket and server-sent events included'),
  can('http/2', 'to clients and servers, gRPC included; WebSocket to clients'),
  HTTP3,
  can('tcp', 'to clients and servers'),
  can('udp', 'a session a source'),
  can('tls', '1.2 and 1.3, to clients and servers; client certificates; passed through by name'),
  can('post-quantum keys', 'X25519MLKEM768, on both sides'),
  can('proxy protocol', 'v1 and v2, from clients and to servers'),
  can('rules', 'host, path, regular expression, method, header, cookie, query, network'),
  can('actions', 'pool, split, mirror, redirect, rewrite, fixed answer, headers'),
  can('algorithms', ALGORITHMS.join(', ')),
  can('weights', `0 to 1000; ${WEIGHT_POLICIES.join(', ')}`),
  can('affinity', 'signed cookie'),
  can('health checks', HEALTH_TYPES.join(', ')),
  can('compression', ENCODINGS.join(', ')),
  can('cache', 'in memory, RFC 9111; purge by API'),
  cannot('cache on disk', 'what is kept is lost with the process', ['nginx', 'Varnish']),
  can('rate limits', 'by source, header, cookie or path; each gateway counts alone'),
  cannot('rate limits of several gateways together', 'each gateway counts alone', ['Envoy']),
  can('upgrade', 'without losing a connection'),
]
