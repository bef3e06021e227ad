import type { Pair } from '../../test/kit/certificates.ts'

/** What a contestant does in a case. `features`: as `http`, with five rules, access log, metrics and a rate limit. */
export type Role = 'http' | 'features' | 'https' | 'http2' | 'tcp'

export interface Setup {
  readonly role: Role
  readonly upstream: { readonly host: string; readonly port: number }
  /** For `https` and `http2`: the same for all. */
  readonly certificate: Pair
  /** Key exchange of `https` and `http2`, as OpenSSL names it. */
  readonly group: 'X25519' | 'X25519MLKEM768'
}

/** The cipher of all of them. */
export const CIPHER = 'TLS_AES_128_GCM_SHA256'

/** A proxy under test, running, in front of `upstream`. */
export interface Running {
  /** Of http, https or tcp. */
  readonly url: string
  /** The process whose CPU and memory count. */
  readonly pid: number
  stop(): Promise<void>
}

export interface Contestant {
  readonly name: string
  /** Why it cannot take part in this role; null when it can. */
  missing(setup: Pick<Setup, 'role' | 'group'>): string | null
  start(setup: Setup): Promise<Running>
}

export function schemeOf(role: Role): 'http' | 'https' | 'tcp' {
  if (role === 'tcp') return 'tcp'
  return role === 'https' || role === 'http2' ? 'https' : 'http'
}
