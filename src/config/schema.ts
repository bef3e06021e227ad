import { isIP } from 'node:net'
import * as z from 'zod'
import type { Bind } from '../core/balancer.ts'
import { parseAddress } from '../core/balancer.ts'
import { parseQuantity } from '../core/units.ts'
import type { About } from './fields.ts'
import {
  bitRate,
  bytes,
  choice,
  duration,
  durationOr,
  field,
  list,
  percent,
  section,
  text,
  textOrList,
  whole,
  wholeOf,
} from './fields.ts'

/** Every key of the file but the drivers' own: shape, defaults and help. The reference is generated from these. */

/** With an installation of 20 and a sequence of 13 digits, a token of at most 64 characters. */
export const NAME = /^[a-z0-9-]{1,29}$/
const poolName = (help: string) => text('the name of a pool', /^.+$/, { help })

export const MAX_SERVERS = 10_000
export const MAX_WORKERS = 64

/** Its parts are read one by one, so that a problem in one does not hide those of the others. */
export const ROOT = z.strictObject({
  name: text('1 to 20 lower-case letters, digits and hyphens', /^[a-z0-9-]{1,20}$/, {
    help: 'Marks every server that this installation owns. Default: a hash of the real path of this file.',
  }).optional(),
  state: text('a folder', /^.+$/, {
    help: 'Journal, snapshot, logs and locks; relative to the folder of this file.',
    default: './.tidegate',
  }),
  gateway: section({
    workers: field(`auto or a whole number from 1 to ${MAX_WORKERS}`, readWorkers, {
      help: 'Threads that carry traffic; `auto` = one a core.',
      default: 'auto',
    }),
    panic: percent({
      help: 'When a smaller share of the members of a pool is healthy, all that serve are used, healthy or not; 0% = never.',
      default: '50%',
    }),
    'access-log': text('a path, or none', /^.+$/, {
      help: 'A file for one line a request, relative to the folder of this file; `none` = no log.',
      default: 'none',
    }),
    'access-log-format': choice(['json', 'combined'], {
      help: '`json` tells most; `combined` is what Apache and nginx write.',
      default: 'json',
    }),
    bandwidth: bitRate({
      help: 'What the line to the clients carries, such as `1Gbps`: `bandwidth-free` is the rest of it. Default: not known, and no rule may use `bandwidth-free`.',
    }).optional(),
  }),
  admin: section({
    bind: bind('127.0.0.1:9900', {
      help: 'API, console and /metrics. Anything but a loopback address needs `tokens`.',
      default: '127.0.0.1:9900',
    }),
    tokens: text('a path, or none', /^.+$/, {
      help: 'A file with a line a holder, which `tidegate token NAME` writes; relative to the folder of this file. With it every request needs a token. `none` = nobody does.',
      default: 'none',
    }),
    hosts: textOrList('a host name or a list of them', {
      help: 'Names by which the API may be addressed, beside addresses and localhost.',
    }).optional(),
  }),
  logs: section({
    size: bytes(
      {
        help: 'When a log of Tidegate or of a local server, or the access log, has grown to this, it is kept as `.1` and a new one begins.',
        default: '100MiB',
      },
      '64KiB',
      '1TiB',
    ),
    keep: whole(
      { help: 'How many former ones of each log are kept: `.1` is the youngest.', default: 5 },
      0,
      100,
    ),
  }),
  history: section({
    size: bytes(
      {
        help: 'Most that the history of metrics may take on disk: some 1 MB for each metric of each fleet. When it is full, the oldest goes.',
        default: '256MiB',
      },
      '32MiB',
      '1024GiB',
    ),
  }),
  listeners: z.unknown().optional(),
  pools: z.unknown().optional(),
  fleets: z.unknown().optional(),
  sources: z.unknown().optional(),
  metrics: z.unknown().optional(),
})

export const LIMITS = {
  header: bytes(
    { help: 'Request line and headers together; more is 431.', default: '32KiB' },
    '1KiB',
    '1MiB',
  ),
  headers: whole({ help: 'Header lines; more is 431.', default: 100 }, 1, 1000),
  body: bytes({ help: 'Request body; more is 413.', default: '1GiB' }, '0B', '1024TiB'),
  'first-byte': limit('60s', 'From connecting to the first byte of the first request; then closed.'),
  'header-time': limit('10s', 'From the first byte of a request to the end of its headers; then 408.'),
  idle: limit('60s', 'Between requests of a kept connection, and silence of a tunnel; then closed.'),
  'body-time': limit('30s', 'Silence of a client that owes a body; then 408.'),
  response: limit(
    '60s',
    'From the end of a request to the first byte of its response, and silence within; then 504.',
  ),
  connections: whole(
    { help: 'Open client connections; more are closed at once.', default: 20_000 },
    1,
    1_000_000,
  ),
}

function limit(standard: string, help: string) {
  return duration({ help, default: standard }, { min: '10ms' })
}

/** What of the limits a listener of bytes can break. */
export const TCP_LIMITS: readonly string[] = ['idle', 'connections']

export const LISTENER = z.strictObject({
  bind: bind('such as :8080 or 127.0.0.1:8080', {
    help: 'Where it listens. `:8080` = every interface, IPv4 and IPv6; port 0 = any free one.',
    standIn: { host: '', port: 0 },
  }),
  // Any word, so that protocols of other versions get an answer of their own.
  protocol: text('http or tcp', /^.+$/, { help: '`http` or `tcp`.', default: 'http' }),
  rules: list('a list of rules', { help: 'Tried in order, the first match wins; http only.' }).optional(),
  pool: poolName('Takes everything that no rule takes; without it that is 404.').optional(),
  limits: section(LIMITS),
})

export const RULE = z.strictObject({
  match: section({
    host: text('a host such as example.org or *.example.org, without a port', hostPattern(), {
      help: '`example.org`, or `*.example.org` for every name below it. Left out: every host.',
    }).optional(),
    path: text('a path such as /exact or /prefix/*', /^\/(?:[^\s?#*]*\/\*|[^\s?#*]*|\*)$/, {
      help: '`/exact`, or `/prefix/*`, which also matches `/prefix`. Left out: every path.',
    }).optional(),
  }),
  pool: poolName('Where the requests go.'),
})

function hostPattern(): RegExp {
  const label = '[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?'
  return new RegExp(`^(?:(?:\\*\\.)?${label}(?:\\.${label})*|\\[[0-9a-fA-F:.]+\\])$`)
}

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

export const FLEET = z.strictObject({
  driver: text('the kind of fleet', /^.+$/, {
    help: 'Where servers come from. It adds keys of its own.',
    standIn: '',
  }),
  min: whole({ help: 'Never fewer servers.', default: 1 }, 0, MAX_SERVERS),
  max: whole({ help: 'Never more servers.', standIn: MAX_SERVERS }, 1, MAX_SERVERS),
  weight: whole({ help: 'Weight of each server in its pools.', default: 100 }, 0, 1000),
  revision: field('text', readRevision, {
    help: 'Any text; another one counts as another version of the servers, even with the same command.',
  }).optional(),
  startup: section({
    timeout: duration({ help: 'From launch to serving; longer is failed.', default: '60s' }, { min: '1s' }),
  }),
  drain: section({
    timeout: durationOr('none', {
      help: 'How long a server that leaves may finish its requests; `none` = as long as they take.',
      default: '30s',
    }),
  }),
  guards: section({
    patience: section({
      out: duration({ help: 'Launches only what has been wanted throughout this time.', default: '0s' }),
      in: duration({ help: 'Retires only what nobody has wanted throughout this time.', default: '5m' }),
    }),
    cooldown: section({
      out: duration({ help: 'From one launch to the next.', default: '0s' }),
      in: duration({ help: 'From one retirement to the next.', default: '60s' }),
    }),
    fresh: duration(
      { help: 'A metric older than this is stale; nothing is retired on it.', default: '15s' },
      { min: '2s', max: '1h' },
    ),
  }),
  policies: list('a list of policies', { help: 'Without any the fleet stays at `min`.' }).optional(),
})

export const policyName = text('letters, digits and hyphens', /^[A-Za-z0-9-]{1,60}$/, {
  help: 'For explanations. Default: `target-METRIC`, else type and position, `step-2`.',
}).optional()

export const TARGET_POLICY = z.strictObject({
  type: z.unknown(),
  name: policyName,
  metric: text('the name of a metric', /^.+$/, { help: 'What to keep at `value`.' }),
  value: field('a number or a quantity such as 70%', readQuantity, {
    help: 'In the unit of the metric; so many servers are wanted that the metric comes to this.',
  }),
})

/** 10 times as many servers at most, and no more than all removed. */
const MAX_ADDED_RATIO = 10
const MAX_REMOVED_RATIO = 1

function change(maxRatio: number, help: string) {
  const most = `${maxRatio * 100}%`
  const expects = `1 to ${MAX_SERVERS} servers, or a share such as 20%, at most ${most}`
  return field(expects, (raw) => readAmount(raw, maxRatio), { help }).optional()
}

export const STEP_POLICY = z.strictObject({
  type: z.unknown(),
  name: policyName,
  when: text('a rule such as cpu > 80%', /\S/, { help: 'A condition on metrics.' }),
  for: duration({ help: 'How long it must have been true in every sample.', default: '1m' }),
  add: change(MAX_ADDED_RATIO, 'Servers to add; a share rounds up.'),
  remove: change(MAX_REMOVED_RATIO, 'Servers to remove; a share rounds down, to at least 1.'),
  set: whole({ help: 'The number of servers.' }, 0, MAX_SERVERS).optional(),
})

function bind(example: string, about: About) {
  const expects = about.default === undefined ? `an address ${example}` : `an address such as ${example}`
  return field(expects, (raw) => (typeof raw === 'string' ? (readBind(raw) ?? undefined) : undefined), about)
}

/** `:8080`, `127.0.0.1:8080`, `[::1]:8080`; null when it is none of them. */
export function readBind(raw: string): Bind | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]*)):(\d{1,5})$/.exec(raw)
  if (!match) return null
  const host = match[1] ?? match[2] ?? ''
  const port = Number(match[3])
  if (port > 65535 || (host !== '' && isIP(host) !== (match[1] === undefined ? 4 : 6))) return null
  return { host, port }
}

function readWorkers(raw: unknown): number | 'auto' | undefined {
  if (raw === 'auto') return raw
  const count = wholeOf(raw)
  return count !== undefined && count >= 1 && count <= MAX_WORKERS ? count : undefined
}

function readStatuses(raw: unknown): { from: number; to: number } | undefined {
  const match = /^([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?$/.exec(
    typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw : '',
  )
  if (!match) return undefined
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])]
  return from <= to ? { from, to } : undefined
}

function readRevision(raw: unknown): string | undefined {
  return (typeof raw === 'string' && raw !== '') || typeof raw === 'number' ? String(raw) : undefined
}

function readAmount(raw: unknown, maxRatio: number): { servers: number } | { ratio: number } | undefined {
  const servers = wholeOf(raw)
  if (servers !== undefined) return servers >= 1 && servers <= MAX_SERVERS ? { servers } : undefined
  const ratio = typeof raw === 'string' && raw.endsWith('%') ? parseQuantity(raw, 'ratio') : null
  return ratio !== null && ratio > 0 && ratio <= maxRatio ? { ratio } : undefined
}

/** Read further where the unit is known. */
function readQuantity(raw: unknown): string | number | undefined {
  if (typeof raw === 'number') return Number.isFinite(raw) && raw >= 0 ? raw : undefined
  return typeof raw === 'string' && /^\d/.test(raw) ? raw : undefined
}
