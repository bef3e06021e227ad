import * as z from 'zod'
import { parseAddress } from '../core/balancer.ts'
import { textForm } from '../core/form.ts'
import { BREAKER, HEDGE, TIMEOUTS } from './attempt-schema.ts'
import { CARRIER } from './balancer-schema.ts'
import { duration, field, type Kind, list, section, textOrList, whole } from './fields.ts'
import { HEALTH } from './health-schema.ts'
import { SERVER_PROTOCOL } from './http2-schema.ts'
import { KEEP_ALIVE } from './keep-alive-schema.ts'
import { PROXY_PROTOCOL_TO_SERVERS } from './proxy-schema.ts'
import { AFFINITY, algorithm, HASH, OUTLIER_SECTION, WEIGHTS } from './spread-schema.ts'
import { SERVER_TLS } from './tls-schema.ts'

const ADDRESS: Kind = { ...textForm('host:port', /:\d{1,5}$/), expects: 'host:port' }

export const POOL = z.strictObject({
  balancer: CARRIER,
  algorithm: algorithm({
    help: 'Which server gets the next request.',
    default: 'least-connections',
  }),
  health: HEALTH,
  'slow-start': duration({
    help: 'A new server takes this long to get its full share; 0 = at once.',
    default: '10s',
    advice: { most: '5m', above: 'the others stay overloaded that much longer after a launch' },
  }),
  upstream: section({
    connect: duration(
      {
        help: 'Time to connect to a server.',
        default: '2s',
        advice: {
          least: '1s',
          below: 'one lost packet, which TCP sends again after a second, makes a server look dead',
          most: '10s',
          above: 'requests wait that long for a machine that is gone before another is tried',
        },
      },
      { min: '10ms', max: '5m' },
    ),
    idle: duration(
      {
        help: 'How long an idle connection is kept for reuse, unless the server announces a time.',
        default: '4s',
        advice: {
          least: '1s',
          below: 'nearly every request pays for a new connection',
          most: '60s',
          above: 'most servers close first, and a request that meets the closing fails or is repeated',
        },
      },
      { min: '0', max: '1h' },
    ),
    connections: whole(
      {
        help: 'Open connections to one server.',
        default: 2000,
        advice: {
          least: 1000,
          below: 'requests wait in `pending`, and are 503 beyond it, although the server could take more',
          most: 5000,
          above:
            'a slow server is given more than its memory and descriptors are likely to hold, instead of a queue before it',
        },
      },
      1,
      1_000_000,
    ),
    pending: whole(
      { help: 'Requests that wait for a connection, a worker; more are 503.', default: 1024 },
      0,
      1_000_000,
    ),
    protocol: SERVER_PROTOCOL,
    'keep-alive': KEEP_ALIVE,
    'proxy-protocol': PROXY_PROTOCOL_TO_SERVERS,
    tls: SERVER_TLS,
  }),
  retries: whole(
    {
      help: 'Further attempts on other servers, where repeating is safe.',
      default: 2,
      advice: {
        most: 3,
        above:
          'each failure becomes more load when there is least to spare, and clients wait for all attempts',
      },
    },
    0,
    10,
  ),
  hash: HASH,
  affinity: AFFINITY.optional(),
  outlier: OUTLIER_SECTION,
  weights: WEIGHTS,
  timeouts: TIMEOUTS,
  hedge: HEDGE,
  breaker: BREAKER,
  servers: list('a list of servers, each { address: "10.0.0.7:8080" }', {
    help: 'Servers that this file names.',
  }).optional(),
  fleet: textOrList('the name of a fleet or a list of names', {
    help: 'Fleets whose servers join this pool.',
  }).optional(),
})

export const SERVER = z.strictObject({
  address: field(ADDRESS, (raw) => (typeof raw === 'string' && parseAddress(raw) ? raw : undefined), {
    help: '`10.0.0.7:8080`, `[2001:db8::7]:8080` or `name:8080`.',
  }),
  weight: whole({ help: 'Its share, relative to the others; 0 = drained.', default: 100 }, 0, 1000),
})
