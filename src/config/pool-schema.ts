import * as z from 'zod'
import { parseAddress } from '../core/balancer.ts'
import { orPlaceholder, textForm } from '../core/form.ts'
import { BREAKER, HEDGE, TIMEOUTS } from './attempt-schema.ts'
import { choice, duration, field, type Kind, list, section, text, textOrList, whole } from './fields.ts'
import { SERVER_PROTOCOL } from './http2-schema.ts'
import { KEEP_ALIVE } from './keep-alive-schema.ts'
import { PROXY_PROTOCOL_TO_SERVERS } from './proxy-schema.ts'
import { AFFINITY, algorithm, HASH, OUTLIER_SECTION, WEIGHTS } from './spread-schema.ts'
import { SERVER_TLS } from './tls-schema.ts'

const STATUSES: Kind = {
  type: 'status or range of them',
  allowed: '100 to 599',
  expects: 'a status such as 200 or a range such as 200-399',
  schema: orPlaceholder({
    anyOf: [
      { type: 'integer', minimum: 100, maximum: 599 },
      { type: 'string', pattern: '^[1-5]\\d\\d(\\s*-\\s*[1-5]\\d\\d)?$' },
    ],
  }),
}
const ADDRESS: Kind = { ...textForm('host:port', /:\d{1,5}$/), expects: 'host:port' }

export const HEALTH_TYPES = ['http', 'tcp'] as const

export const POOL = z.strictObject({
  algorithm: algorithm({
    help: 'Which server gets the next request.',
    default: 'least-connections',
  }),
  health: section({
    type: choice(HEALTH_TYPES, {
      help: '`http` asks for `path`, `tcp` only connects. Default: http; tcp for a pool that only tcp listeners use.',
    }).optional(),
    path: text('a path that starts with /', /^\/[^\s#]*$/, {
      help: 'What an http check asks for.',
      default: '/',
    }),
    expect: field(STATUSES, readStatuses, {
      help: 'Statuses that pass.',
      default: '200-399',
    }),
    interval: duration(
      {
        help: 'Between checks.',
        default: '30s',
        advice: {
          least: '15s',
          below: 'checks are a load of their own, and a hiccup of seconds is enough to take a server out',
          most: '60s',
          above:
            'a server that fails while there is little traffic gets requests for minutes, `unhealthy` times this',
        },
      },
      { min: '100ms', max: '1h' },
    ),
    timeout: duration(
      {
        help: 'A check that takes longer has failed. Default: 5s, or the interval if that is shorter.',
        advice: {
          least: '1s',
          below:
            'one lost packet, which TCP sends again after a second, or one garbage collection fails a check',
          most: '10s',
          above: 'a server that hangs is found out only that much later',
        },
      },
      { min: '10ms', max: '1h' },
    ).optional(),
    unhealthy: whole(
      {
        help: 'Failed checks in a row that take a server out.',
        default: 3,
        advice: {
          least: 2,
          below: 'a single lost check takes a server out, and its load goes to the others',
          most: 5,
          above: 'a server that fails stays for that many intervals',
        },
      },
      1,
      100,
    ),
    healthy: whole(
      {
        help: 'Passed checks in a row that bring it back.',
        default: 2,
        advice: {
          least: 2,
          below: 'a server that passes one check in between comes and goes',
          most: 5,
          above: 'the others carry its load for that many intervals more',
        },
      },
      1,
      100,
    ),
  }),
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

function readStatuses(raw: unknown): { from: number; to: number } | undefined {
  const match = /^([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?$/.exec(
    typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw : '',
  )
  if (!match) return undefined
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])]
  return from <= to ? { from, to } : undefined
}
