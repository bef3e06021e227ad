import * as z from 'zod'
import { HTTP3 } from '../core/capabilities.ts'
import { TRUSTED_HEADERS } from '../core/trust.ts'
import { CARRIER } from './balancer-schema.ts'
import { bind } from './bind-field.ts'
import {
  type Advice,
  bytes,
  choice,
  duration,
  list,
  section,
  text,
  textOrList,
  whole,
  wholeOr,
} from './fields.ts'
import { CLIENT_HTTP2 } from './http2-schema.ts'
import { KEEP_ALIVE } from './keep-alive-schema.ts'
import { PROXY_PROTOCOL } from './proxy-schema.ts'
import { TLS } from './tls-schema.ts'

const poolName = (help: string) => text('the name of a pool', /^.+$/, { help })

export const LIMITS = {
  header: bytes(
    {
      help: 'Request line and headers together; more is 431.',
      default: '32KiB',
      advice: {
        least: '8KiB',
        below: 'requests with many cookies or a large token are refused',
        most: '64KiB',
        above: 'any client can make each of its connections hold that much memory',
      },
    },
    '1KiB',
    '1MiB',
  ),
  headers: whole(
    {
      help: 'Header lines; more is 431.',
      default: 100,
      advice: {
        least: 50,
        below: 'requests of browsers that came through other proxies may be refused',
        most: 200,
        above: 'a request costs more to read than a server may be ready for: many stop at 100 themselves',
      },
    },
    1,
    1000,
  ),
  body: bytes({ help: 'Request body; more is 413.', default: '1GiB' }, '0B', '1024TiB'),
  'first-byte': limit('60s', 'From connecting to the first byte of the first request; then closed.', {
    least: '10s',
    below: 'browsers that connect ahead of time, and clients on slow networks, are cut off',
    most: '2m',
    above: 'clients that never ask hold their connections for that long',
  }),
  'header-time': limit('10s', 'From the first byte of a request to the end of its headers; then 408.', {
    least: '5s',
    below: 'clients on slow networks are refused',
    most: '60s',
    above: 'few clients that send a byte now and then (Slowloris) can hold every connection',
  }),
  idle: limit(
    '60s',
    'Between requests of a kept connection, and silence of a tunnel or of a udp session; then closed. For udp servers that answer once, as name servers do, some seconds are enough, and each session holds a descriptor for so long.',
    {
      least: '30s',
      below:
        'clients connect anew for nearly every page, and proxies before this one meet closing connections',
      most: '120s',
      above: 'clients that are gone hold connections and memory for that long',
    },
  ),
  'body-time': limit('30s', 'Silence of a client that owes a body; then 408.', {
    least: '10s',
    below: 'uploads break on networks that pause',
    most: '60s',
    above: 'clients that stop in the middle hold a connection to a server for that long',
  }),
  response: limit(
    '60s',
    'From the end of a request to the first byte of its response, and silence within; then 504.',
    {
      least: '10s',
      below: 'slow answers that would have come are 504',
      most: '5m',
      above: 'a server that hangs holds clients and connections for that long',
    },
  ),
  connections: whole(
    {
      help: 'Open client connections, of udp sessions; more are closed at once, or not begun.',
      default: 20_000,
    },
    1,
    1_000_000,
  ),
  'connections-per-source': wholeOr(
    'none',
    {
      help: 'Of these, from one IPv4 address or one IPv6 network of 64 bits; more are closed at once. Trusted proxies are not limited. Of the first 24,576 sources of each worker; with several workers, some connections more than this may be let in at one moment. `none`: as many as there may be, for behind a proxy or an address translator thousands of clients share an address.',
      default: 'none',
      advice: {
        least: 20,
        below:
          'a browser opens six connections to a host, so few clients behind one address are enough to be refused',
      },
    },
    { min: 1, max: 1_000_000 },
  ),
}

function limit(standard: string, help: string, advice: Advice) {
  return duration({ help, default: standard, advice }, { min: '10ms' })
}

/** What of the limits a listener of bytes can break. */
export const TCP_LIMITS: readonly string[] = ['idle', 'connections', 'connections-per-source']

const NO_QUIC = `; ${HTTP3.detail}: ${HTTP3.elsewhere.join(', ')} speak HTTP/3, and the alt-svc of a rule tells clients of one before this gateway`
const OF_QUIC = { http3: NO_QUIC, 'http/3': NO_QUIC, h3: NO_QUIC, quic: NO_QUIC }

export const LISTENER = z.strictObject({
  bind: bind('such as :8080 or 127.0.0.1:8080', {
    help: 'Where it listens. `:8080` = every interface, IPv4 and IPv6; port 0 = any free one.',
    standIn: { host: '', port: 0 },
  }),
  protocol: choice(
    ['http', 'https', 'tcp', 'tls', 'udp'],
    {
      help: '`http` or `tcp`; `https` and `tls` are the same with TLS towards clients. `udp`: what comes from one address and port is a session with one server, until both have been silent for `limits.idle`; with several workers, the system gives all of a source to the same one. On a machine of several addresses, bind one of them, or replies may come from another.',
      default: 'http',
      standIn: 'http',
    },
    OF_QUIC,
  ),
  balancer: CARRIER,
  tls: TLS,
  rules: list('a list of rules', { help: 'Tried in order, the first match wins; http only.' }).optional(),
  pool: poolName('Takes everything that no rule takes; without it that is 404.').optional(),
  'trusted-proxies': textOrList('a network such as 10.0.0.0/8, a list of them, or none', {
    help: 'Networks of the proxies before this gateway: whom they name in a header of http, or of the PROXY protocol, is the client, for rules, limits, hashing, logs and servers. What others name is dropped then. `none` = nobody is trusted. Left out: the peer is the client, and the lists that it sends are continued for the servers.',
  }).optional(),
  'trusted-header': choice(TRUSTED_HEADERS, {
    help: 'Where these proxies name the client; the other header is not looked at.',
    default: 'x-forwarded-for',
  }),
  limits: section(LIMITS),
  'keep-alive': KEEP_ALIVE,
  'proxy-protocol': PROXY_PROTOCOL,
  http2: CLIENT_HTTP2,
})
