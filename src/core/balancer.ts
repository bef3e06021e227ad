import type { AffinitySpec } from './affinity.ts'
import type { Algorithm, HashSpec } from './algorithm.ts'
import type { AttemptSpec, BreakerSpec } from './attempts.ts'
import type { Json } from './canonical.ts'
import type { HealthSpec } from './health.ts'
import type { Http2Spec } from './http2.ts'
import type { KeepAliveSpec } from './keep-alive.ts'
import type { OutlierSpec } from './outlier.ts'
import type { RuleSpec } from './rule.ts'
import type { Millis } from './time.ts'
import type { ListenerTlsSpec, ServerTlsSpec } from './tls.ts'
import type { TrustSpec } from './trust.ts'
import type { WeightSpec } from './weights.ts'

/** The name of our own, which carries whatever names no other. */
export const GATEWAY = 'gateway'

/** host is an IP address, or '' for every interface (IPv4 and IPv6); port 0 lets the system choose. */
export interface Bind {
  readonly host: string
  readonly port: number
}

/** Limits towards clients, by listener. Every one is finite; the status that answers its breach stands behind it. */
export interface ListenerLimits {
  /** Request line and headers together: 431. */
  readonly headerBytes: number
  /** Header lines: 431. */
  readonly headerCount: number
  /** Body, sized or chunked: 413. */
  readonly bodyBytes: number
  /** From the connection's start to the first byte of its first request: closed without an answer. */
  readonly firstByteMs: Millis
  /** From the first byte of a request to the end of its head: 408. */
  readonly headerMs: Millis
  /** Between requests of a kept connection: closed. For tcp, udp and tunnels: silence in both directions. */
  readonly idleMs: Millis
  /** Silence while a body is awaited from the client: 408. */
  readonly bodyMs: Millis
  /** From the request's end to the response's first byte, and silence within the response: 504. */
  readonly responseMs: Millis
  /** Open client connections over all workers; more are closed at once. For udp: sessions; what comes from others is dropped. */
  readonly connections: number
  /** Of these, from one IPv4 address or one IPv6 network of 64 bits; absent = as many as there may be. Trusted proxies are not counted. */
  readonly connectionsPerSource?: number
}

/** `https` and `tls` are `http` and `tcp` with TLS towards clients; `udp` has sessions where the others have connections. */
export type Protocol = 'http' | 'https' | 'tcp' | 'tls' | 'udp'

/** TCP and UDP have ports of their own. */
export function transportOf(protocol: Protocol): 'tcp' | 'udp' {
  return protocol === 'udp' ? 'udp' : 'tcp'
}

export function isHttp(protocol: Protocol): boolean {
  return protocol === 'http' || protocol === 'https'
}

export interface ListenerSpec {
  readonly name: string
  readonly bind: Bind
  readonly protocol: Protocol
  /** Absent: every peer is the client itself, and lists that it sends are continued. */
  readonly trust?: TrustSpec
  /** The first that matches wins. */
  readonly rules: readonly RuleSpec[]
  /** Where everything goes that no rule takes; null: 404. */
  readonly pool: string | null
  readonly limits: ListenerLimits
  /** Absent in what older versions saved. */
  readonly keepAlive?: KeepAliveSpec
  /** Every connection begins with a header of the PROXY protocol, which says whose it is. */
  readonly proxyProtocol?: 'required'
  /** Of `https` and `tls`. */
  readonly tls?: ListenerTlsSpec
  /** Absent = as HTTP2 has it, null = off. */
  readonly http2?: Http2Spec | null
  /** Only https: `http` redirects to this port, `https` tells browsers to come back by it alone (RFC 6797). */
  readonly httpsPort?: number
}

/** Of the PROXY protocol. */
export type ProxyVersion = 'v1' | 'v2'

export interface UpstreamSpec {
  readonly connectMs: Millis
  /** How long an idle connection may be reused when the server announces no `Keep-Alive: timeout`. */
  readonly idleMs: Millis
  /** Open connections a server over all workers. */
  readonly maxConnections: number
  /** Requests that wait for a connection, a worker; more are 503. */
  readonly maxPending: number
  /** Absent in what older versions saved. */
  readonly keepAlive?: KeepAliveSpec
  /** Each connection begins with a header that tells the server whose it is, and serves no other client. */
  readonly proxyProtocol?: ProxyVersion
  /** Absent = HTTP/1.1. */
  readonly protocol?: 'http2'
  /** Connections are encrypted. */
  readonly tls?: ServerTlsSpec
}

export interface PoolSpec {
  readonly name: string
  readonly algorithm: Algorithm
  /** For algorithms that hash, the pool's or a rule's. */
  readonly hash?: HashSpec
  readonly affinity?: AffinitySpec
  /** Absent = OUTLIER. */
  readonly outlier?: OutlierSpec
  /** Absent = as configured. */
  readonly weights?: WeightSpec
  readonly health: HealthSpec
  /** A member's weight ramps from 10 % to 100 % in this time after admission; 0 = at once. */
  readonly slowStartMs: Millis
  readonly upstream: UpstreamSpec
  /** Extra attempts on other servers. */
  readonly retries: number
  readonly attempts?: AttemptSpec
  readonly breaker?: BreakerSpec
  /** Members that the file names; the others come from fleets through `put`. */
  readonly servers: readonly MemberSpec[]
  /** Fleets that feed it. */
  readonly fleets: readonly string[]
  /** The longest time that these let a server drain, where a balancer beside the gateway drains by itself too; absent = nobody says. */
  readonly drainMs?: Millis
  /** What the driver of a balancer beside the gateway adds, validated by it. */
  readonly part?: Json
}

/** One line a request. */
export interface AccessLogSpec {
  /** Absolute. */
  readonly path: string
  /** `combined`: as Apache and nginx write it, for tools that read that. */
  readonly format: 'json' | 'combined'
}

/** Listeners, rules, pool settings and static members, whole: what `configure` makes true. */
export interface BalancerSpec {
  readonly name: string
  readonly listeners: readonly ListenerSpec[]
  readonly pools: readonly PoolSpec[]
  /** A share of healthy members below which all serving members are used. */
  readonly panicRatio: number
  /** null = none. */
  readonly accessLog: AccessLogSpec | null
  /** What the line to the clients carries, in bits a second: what `bandwidth-free` is the rest of. Null = not known. */
  readonly bandwidthBps: number | null
  /** Requests that belong to no trace (W3C Trace Context) begin one. Absent = what they name is passed on. */
  readonly makesTraces?: true
  /** DNS servers, `address` or `address:port`, that are asked for servers' names; absent = the system is. */
  readonly resolvers?: readonly string[]
}

/** A member as it is wanted. The id is the server's id, of a static member its address. Weight 0 = drain. */
export interface MemberSpec {
  readonly id: string
  /** host:port */
  readonly address: string
  /** 0 to 1000. */
  readonly weight: number
}

export type MemberState = 'checking' | 'healthy' | 'unhealthy' | 'ejected' | 'draining' | 'gone'

export interface ProbeNote {
  readonly at: Millis
  readonly ok: boolean
  readonly ms: Millis
  /** For people: status or error. */
  readonly detail: string
}

/** A member as it is. */
export interface Member extends MemberSpec {
  readonly state: MemberState
  /** The weight in force after slow start, ejection and panic. */
  readonly effectiveWeight: number
  /** Requests (http) or connections (tcp) in flight, over all workers; null = the balancer does not tell. */
  readonly inFlight: number | null
  /** Open connections to its server, idle ones too; null likewise. */
  readonly connections: number | null
  /** Since when it has been in `state`. */
  readonly sinceAt: Millis
  /** True for members of the configuration file. */
  readonly fixed: boolean
  /** null = the balancer does not tell. */
  readonly rps: number | null
  readonly p50Ms: Millis | null
  readonly p95Ms: Millis | null
  readonly p99Ms: Millis | null
  /** Newest last, at most 10. */
  readonly probes: readonly ProbeNote[]
}

/** Their sum; null when one of them is not known. */
export function sumKnown(counts: readonly (number | null)[]): number | null {
  return counts.reduce(
    (sum, count) => (sum === null || count === null ? null : sum + count),
    0 as number | null,
  )
}

/** A balancer that the file orders. */
export interface Purchase {
  /** As the vendor calls it; null = it is still to be created. */
  readonly id: string | null
  /** What is to be changed of it, for people; empty = nothing. */
  readonly changes: readonly string[]
  /** What it costs, for people; null = that is not known. */
  readonly price: string | null
}

/** What the balancer carries now: its specification's hash, to see whether `configure` has landed. */
export interface BalancerStatus {
  /** hash64(canonical(spec)), or null before the first. */
  readonly specHash: string | null
  /** Addresses really bound, by listener name. */
  readonly bound: Readonly<Record<string, Bind>>
  readonly pools: readonly string[]
  /** Absent of one that is there anyway. */
  readonly purchase?: Purchase
}

/** Who carries and spreads the traffic. Throws Fault. */
export interface Balancer {
  status(signal: AbortSignal): Promise<BalancerStatus>
  /** Declarative and idempotent. Resolves when every worker serves by it. Members that `put` made survive. */
  configure(spec: BalancerSpec, signal: AbortSignal): Promise<void>
  members(pool: string, signal: AbortSignal): Promise<readonly Member[]>
  /** Upserts exactly these and touches no other. Resolves when every worker has acknowledged. */
  put(pool: string, members: readonly MemberSpec[], signal: AbortSignal): Promise<void>
  /** Removes; unknown ids are fine. Idle pooled connections are closed before it resolves. */
  drop(pool: string, ids: readonly string[], signal: AbortSignal): Promise<void>
}

/** The part of it that concerns the members of pools. */
export type Spreader = Pick<Balancer, 'members' | 'put' | 'drop'>

/** 127.0.0.1:80, [::1]:80 or name:80 in its two parts; null when it is none of them. */
export function parseAddress(address: string): Bind | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(address)
  const port = Number(match?.[3])
  if (!match || port < 1 || port > 65535) return null
  return { host: match[1] ?? match[2] ?? '', port }
}

/** The other way round. */
export function formatAddress({ host, port }: Bind): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
