import type { Millis } from './time.ts'
import type { ServerTlsSpec } from './tls.ts'

export const HEALTH_TYPES = ['http', 'https', 'tcp', 'tls', 'grpc', 'udp', 'icmp', 'command'] as const
export type HealthType = (typeof HEALTH_TYPES)[number]

/** One check of a server from here, by its address `host:port`. Never throws; when it resolves, nothing of it is left. */
export type Probe = (
  address: string,
  check: HealthSpec,
  signal: AbortSignal,
) => Promise<{ readonly ok: boolean; readonly ms: Millis; readonly detail: string }>

/** How a pool's servers are checked. What is absent is not asked for. */
export interface HealthSpec {
  readonly type: HealthType
  /** For http and https: the request target, starting with '/'. */
  readonly path: string
  /** For http and https: statuses that pass. */
  readonly expect: StatusRange | readonly StatusRange[]
  readonly intervalMs: Millis
  readonly timeoutMs: Millis
  /** Consecutive failures that make a healthy member unhealthy. */
  readonly unhealthy: number
  /** Consecutive passes that bring an unhealthy member back. */
  readonly healthy: number
  /** Another one than that of the traffic. */
  readonly port?: number
  /** An answer that takes longer has failed, whatever it says. */
  readonly latencyMs?: Millis
  /** For http and https: what is not as in a plain GET by HTTP/1.1. */
  readonly http?: HttpCheckSpec
  /** For tcp, tls and udp: what the server is sent, in UTF-8. */
  readonly send?: string
  /** For http, https, tcp, tls and udp: what must come back. */
  readonly answer?: AnswerSpec
  /** For https, tls and grpc. */
  readonly tls?: ServerTlsSpec
  readonly certificate?: CertificateAgeSpec
  /** For grpc: the name of a service; absent = the server as a whole. */
  readonly service?: string
  /** For command: the program and its arguments. */
  readonly command?: readonly string[]
}

/** Inclusive. */
export interface StatusRange {
  readonly from: number
  readonly to: number
}

export const HTTP_VERSIONS = ['1.0', '1.1', '2'] as const
export type HttpVersion = (typeof HTTP_VERSIONS)[number]

export interface HttpCheckSpec {
  readonly method: string
  readonly version: HttpVersion
  /** null = the server's address and port. */
  readonly host: string | null
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly authorization: AuthorizationSpec | null
  /** How many redirects to the same host are followed; the answer behind them is judged. */
  readonly redirects: number
}

export type AuthorizationSpec =
  | { readonly user: string; readonly password: string }
  | { readonly bearer: string }

/** All of them. */
export interface AnswerSpec {
  readonly text?: string
  /** RE2 */
  readonly regex?: string
  /** The value of a field; `path` goes through objects by key and through arrays by index. */
  readonly json?: { readonly path: readonly string[]; readonly value: string | number | boolean }
  readonly leastBytes?: number
  readonly mostBytes?: number
}

/** What happens when the server's certificate ends in fewer days. */
export interface CertificateAgeSpec {
  readonly days: number
  readonly action: 'fail' | 'warn'
}
