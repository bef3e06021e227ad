import * as z from 'zod'
import { parseAddress } from '../core/balancer.ts'
import { choice, duration, field, list, section, text, textOrList, whole } from './fields.ts'

export const HEALTH_TYPES = ['http', 'tcp'] as const

export const POOL = z.strictObject({
  algorithm: choice(['least-connections', 'round-robin', 'random-two'], {
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
    expect: field('a status such as 200 or a range such as 200-399', readStatuses, {
      help: 'Statuses that pass.',
      default: '200-399',
    }),
    interval: duration({ help: 'Between checks.', default: '30s' }, { min: '100ms', max: '1h' }),
    timeout: duration(
      { help: 'A check that takes longer has failed. Default: 5s, or the interval if that is shorter.' },
      { min: '10ms', max: '1h' },
    ).optional(),
    unhealthy: whole({ help: 'Failed checks in a row that take a server out.', default: 3 }, 1, 100),
    healthy: whole({ help: 'Passed checks in a row that bring it back.', default: 2 }, 1, 100),
  }),
  'slow-start': duration({
    help: 'A new server takes this long to get its full share; 0 = at once.',
    default: '10s',
  }),
  upstream: section({
    connect: duration({ help: 'Time to connect to a server.', default: '2s' }, { min: '10ms', max: '5m' }),
    idle: duration(
      {
        help: 'How long an idle connection is kept for reuse, unless the server announces a time.',
        default: '4s',
      },
      { min: '0', max: '1h' },
    ),
    connections: whole({ help: 'Open connections to one server.', default: 2000 }, 1, 1_000_000),
    pending: whole(
      { help: 'Requests that wait for a connection, a worker; more are 503.', default: 1024 },
      0,
      1_000_000,
    ),
  }),
  retries: whole({ help: 'Further attempts on other servers, where repeating is safe.', default: 2 }, 0, 10),
  servers: list('a list of servers, each { address: "10.0.0.7:8080" }', {
    help: 'Servers that this file names.',
  }).optional(),
  fleet: textOrList('the name of a fleet or a list of names', {
    help: 'Fleets whose servers join this pool.',
  }).optional(),
})

export const SERVER = z.strictObject({
  address: field('host:port', (raw) => (typeof raw === 'string' && parseAddress(raw) ? raw : undefined), {
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
