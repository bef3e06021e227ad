import type * as z from 'zod'
import type { ListenerSpec } from '../core/balancer.ts'
import { HTTP2 } from '../core/http2.ts'
import { choice, section, whole, yesNo } from './fields.ts'

/** Of a listener. */
export const CLIENT_HTTP2 = section({
  enabled: yesNo({
    help: 'Clients may speak HTTP/2: on https by ALPN, on http by beginning with it (prior knowledge, as gRPC does inside a cluster). WebSocket runs over both versions (RFC 8441).',
    default: true,
  }),
  streams: whole(
    {
      help: 'Requests at once on one connection; a client must wait with more.',
      default: HTTP2.streams,
      advice: {
        least: 50,
        below: 'pages of many parts, and gRPC clients that share one connection, wait for their turn',
        most: 250,
        above: 'one connection can hold that many requests and servers, and their buffers',
      },
    },
    1,
    10_000,
  ),
  resets: whole(
    {
      help: 'Requests that a client may cancel before their answer within 10 s, a connection; more end the connection (rapid reset, CVE-2023-44487).',
      default: HTTP2.resets,
      advice: {
        least: 100,
        below: 'a browser whose user leaves page after page, or a gRPC client that hedges, is cut off',
        most: 1000,
        above: 'a few connections can keep servers busy with requests that nobody waits for',
      },
    },
    1,
    1_000_000,
  ),
})

/** Of a pool. */
export const SERVER_PROTOCOL = choice(['http1', 'http2'], {
  help: 'What servers are spoken to in: `http1`, or `http2`, many requests on one connection, as gRPC needs it; by ALPN with `tls`, by prior knowledge without. WebSocket goes to servers by `http1` only.',
  default: 'http1',
})

type Parsed = z.output<typeof CLIENT_HTTP2>

/** Nothing when it is as without it. */
export function http2Of({ enabled, streams, resets }: Parsed): Pick<ListenerSpec, 'http2'> {
  if (!enabled) return { http2: null }
  return streams === HTTP2.streams && resets === HTTP2.resets ? {} : { http2: { streams, resets } }
}
