import type { BalancerSpec, BalancerStatus, MemberSpec } from './balancer.ts'
import type { Millis } from './time.ts'

export const NOW_HEADER = 'tidegate-now'

/** The gateway's control socket speaks HTTP/1.1 and JSON. Errors are `ControlError` with 4xx or 5xx; 409 = a newer epoch has claimed.
 *  Instants are by the gateway's clock, and the header `NOW_HEADER` of every answer says what that shows.
 *
 *  GET  /status                 -> GatewayStatus
 *  POST /claim    {epoch}       -> {}
 *  PUT  /spec     ConfigureCall -> {}        when every worker serves by it
 *  GET  /members?pool=NAME      -> Member[]
 *  PUT  /members  PutCall       -> {}        when every worker has acknowledged
 *  POST /drop     DropCall      -> {}
 *  POST /purge    Purge        -> PurgeResult
 *  GET  /stats?windowMs=N       -> GatewayStats
 *  POST /upgrade  {drainMs}     -> {pid}     when a successor serves; this process ends with its last connection, or after drainMs
 *  POST /stop     {drainMs}     -> {}        the process ends after */
export interface GatewayStatus extends BalancerStatus {
  readonly pid: number
  readonly startedAt: Millis
  readonly epoch: number
  readonly snapshotVersion: number
  readonly workers: readonly {
    readonly index: number
    readonly generation: number
    readonly ready: boolean
  }[]
}

export interface ConfigureCall {
  readonly epoch: number
  readonly spec: BalancerSpec
}

export interface PutCall {
  readonly epoch: number
  readonly pool: string
  readonly members: readonly MemberSpec[]
}

export interface DropCall {
  readonly epoch: number
  readonly pool: string
  readonly ids: readonly string[]
}

export interface ControlError {
  readonly code: string
  readonly message: string
}

/** Counters since the gateway's start, summed over workers, dead ones too. */
export interface MemberStats {
  readonly id: string
  /** Requests (http) or connections (tcp) sent to it. */
  readonly requests: number
  /** By status class 1xx..5xx of what the server answered. */
  readonly statuses: readonly [number, number, number, number, number]
  /** Attempts that ended without an answer. */
  readonly failures: number
  readonly connectFailures: number
  readonly opened: number
  readonly reused: number
  readonly inFlight: number
  readonly connections: number
  readonly bytesSent: number
  readonly bytesReceived: number
  /** One count a bucket of LATENCY_BOUNDS_MS, and one for the rest; not cumulative. */
  readonly latency: readonly number[]
  readonly latencySumMs: number
  /** Time-weighted mean over the window. */
  readonly meanInFlight: number
  readonly meanConnections: number
}

/** TLS handshakes. */
export interface TlsStats {
  /** By group, in the order of TLS_GROUPS, and last those without one of these. */
  readonly handshakes: readonly number[]
  /** Those of them that resumed a session. */
  readonly resumed: number
  /** Connections that ended before their handshake did; of pools they are among the members' failures. */
  readonly failed: number
}

export interface PoolStats {
  readonly name: string
  /** Arrivals that a rule sent to this pool, answered or not, since the gateway's start. */
  readonly requests: number
  /** Arrivals a second over the window. */
  readonly rps: number
  /** Answers that the gateway itself gave: no server, timeouts, bad answers. */
  readonly refused: number
  readonly retries: number
  /** Requests that have ended: answered by whomever, or begun to be and broken off. Not those that the client gave up. */
  readonly ended: number
  /** Those of them whose answer was 5xx or broken off. */
  readonly errors: number
  /** Bytes of answers and tunnels, framing included. */
  readonly sentToClients: number
  /** What of these came within the window. */
  readonly recent: {
    readonly ended: number
    readonly errors: number
    readonly sentToClients: number
    /** Times from a request sent to its answer's head, by bucket of LATENCY_BOUNDS_MS. */
    readonly latency: readonly number[]
  }
  /** Requests in flight on members that are not draining, mean over the window. */
  readonly meanInFlight: number
  readonly panic: boolean
  /** With servers that are spoken to in TLS. */
  readonly tls?: TlsStats
  readonly members: readonly MemberStats[]
}

export interface GatewayStats {
  readonly at: Millis
  /** What the rates and means really cover; less than asked after a start. */
  readonly windowMs: Millis
  readonly pools: readonly PoolStats[]
  /** Client side. */
  readonly listeners: readonly {
    readonly name: string
    readonly connections: number
    readonly accepted: number
    /** Requests that the codec refused, and others that no pool saw. */
    readonly rejected: number
    /** Requests answered from a cache. */
    readonly cached: number
    /** With clients of a listener that speaks it. */
    readonly tls?: TlsStats
  }[]
  /** Of the listeners. */
  readonly certificates?: readonly {
    readonly listener: string
    readonly file: string
    readonly expiresAt: Millis
  }[]
  /** Of requests that have ended, by the traffic class of their rule; and by the side of its canary, `NAME/stable` and `NAME/canary`. */
  readonly classes: readonly {
    readonly name: string
    readonly requests: number
    readonly errors: number
    readonly sentToClients: number
    /** From each request's head to the end of its answer. */
    readonly sumMs: Millis
    /** The same times, by bucket of LATENCY_BOUNDS_MS. */
    readonly latency: readonly number[]
  }[]
  readonly rssBytes: number
  /** What the line to the clients carries, in bits a second; null = nobody has said. */
  readonly bandwidthBps: number | null
}
