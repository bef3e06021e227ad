import { choice } from './fields.ts'

/** Of a listener. */
export const PROXY_PROTOCOL = choice(['none', 'required'], {
  help: '`required`: every connection begins with a header of the PROXY protocol, version 1 or 2, within 5s and `limits.first-byte`, or is closed. Its client is the one that is limited, spread, told to servers and logged. With `trusted-proxies`, nobody else may connect.',
  default: 'none',
})

/** Of a pool. */
export const PROXY_PROTOCOL_TO_SERVERS = choice(['none', 'v1', 'v2'], {
  help: 'Each connection to a server begins with a header of the PROXY protocol of this version, which names the client. A connection then serves one request of http, or one connection of tcp, and is never reused. Health checks say that they are nobody else.',
  default: 'none',
})
