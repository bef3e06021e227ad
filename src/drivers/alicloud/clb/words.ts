import type { Algorithm } from '../../../core/algorithm.ts'
import type { Protocol } from '../../../core/balancer.ts'

/** What CLB calls a protocol: in values, and in the names of operations. */
export interface Words {
  readonly protocol: 'tcp' | 'udp' | 'http' | 'https'
  readonly operation: 'TCP' | 'UDP' | 'HTTP' | 'HTTPS'
}

const WORDS: Readonly<Record<Protocol, Words | null>> = {
  http: { protocol: 'http', operation: 'HTTP' },
  https: { protocol: 'https', operation: 'HTTPS' },
  tcp: { protocol: 'tcp', operation: 'TCP' },
  udp: { protocol: 'udp', operation: 'UDP' },
  // It ends TLS for HTTP alone.
  tls: null,
}

export function knowsProtocol(protocol: Protocol): boolean {
  return WORDS[protocol] !== null
}

/** Of one that it knows. */
export function wordsOf(protocol: Protocol): Words {
  return WORDS[protocol]!
}

/** How it calls what it can of our algorithms. */
export const SCHEDULERS: Partial<Readonly<Record<Algorithm, string>>> = {
  'round-robin': 'wrr',
  'source-hash': 'sch',
}
