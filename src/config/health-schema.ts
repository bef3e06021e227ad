import { orPlaceholder } from '../core/form.ts'
import { HEALTH_TYPES, HTTP_VERSIONS, type StatusRange } from '../core/health.ts'
import {
  bytes,
  choice,
  duration,
  field,
  type Kind,
  mapping,
  section,
  text,
  textOrList,
  whole,
} from './fields.ts'
import { SERVER_TLS } from './tls-schema.ts'

const STATUS = {
  anyOf: [
    { type: 'integer', minimum: 100, maximum: 599 },
    { type: 'string', pattern: '^[1-5]\\d\\d(\\s*-\\s*[1-5]\\d\\d)?$' },
  ],
}
const STATUSES: Kind = {
  type: 'status, range of them, or list',
  allowed: '100 to 599',
  expects: 'a status such as 200, a range such as 200-399 or a list of these',
  schema: {
    anyOf: [
      ...STATUS.anyOf,
      { $ref: '#/$defs/placeholder' },
      { type: 'array', minItems: 1, maxItems: 50, items: STATUS },
    ],
  },
}
const HEADER_VALUE = orPlaceholder({ anyOf: [{ type: 'string' }, { type: 'number' }] })
const SCALAR: Kind = {
  type: 'text, number, true or false',
  allowed: '',
  expects: 'text, a number, true or false',
  schema: { type: ['string', 'number', 'boolean'] },
}
const VERSION: Kind = {
  type: 'version',
  allowed: HTTP_VERSIONS.map((version) => `\`${version}\``).join(', '),
  expects: '1.0, 1.1 or 2',
  schema: orPlaceholder({ enum: [...HTTP_VERSIONS, 1, 1.1, 2] }),
}

/** Printable, so that it may stand in a header. */
const SECRET = /^[!-~](?:[ -~]{0,8190}[!-~])?$/

export const HEALTH = section({
  type: choice(HEALTH_TYPES, {
    help: '`http`, `https` and `grpc` ask, `tcp` connects, `tls` connects and shakes hands, `udp` sends a datagram and fails when the system says that its port is closed, `icmp` calls the system’s `ping`, `command` runs a program. Default: http; tcp or udp for a pool that only such listeners use; https and tls when `upstream.tls` is set.',
  }).optional(),
  port: whole({ help: 'The port that is checked. Default: that of the server.' }, 1, 65_535).optional(),
  path: text('a path that starts with /', /^\/[!-"$-~]*$/, {
    help: 'What an http or https check asks for.',
    default: '/',
  }),
  method: choice(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'], {
    help: 'How; nothing is sent behind the head.',
    default: 'GET',
  }),
  version: field(VERSION, readVersion, {
    help: 'Of HTTP. `2` is by prior knowledge with http, by ALPN with https. Default: 1.1; 2 with `upstream.protocol: http2`.',
  }).optional(),
  host: text('a host such as example.org or example.org:8443', /^[a-zA-Z0-9_.:[\]-]{1,255}$/, {
    help: '`Host` of the request. Default: the address and port that are checked.',
  }).optional(),
  headers: mapping('names of headers and their values, such as { x-check: deep }', HEADER_VALUE, {
    help: 'Further headers of the request.',
  }).optional(),
  authorization: section({
    user: text('a name without a colon', /^[^:\p{Cc}]{1,255}$/u, { help: 'Basic authorization.' }).optional(),
    password: text('text', /^\P{Cc}{0,1024}$/u, {
      help: 'Its password; best out of the environment or a file.',
    }).optional(),
    bearer: text('a token without spaces around it', SECRET, {
      help: 'Or: a token; best out of the environment or a file.',
    }).optional(),
  }),
  expect: field(STATUSES, readStatuses, {
    help: 'Statuses that pass, such as `200-299` or `[200, 204, 301-308]`.',
    default: '200-399',
  }),
  text: text('text of at most 1000 letters', /^[\s\S]{1,1000}$/, {
    help: 'The body, or what a tcp, tls or udp server sends, contains this.',
  }).optional(),
  regex: text('a regular expression', /^.{1,1000}$/, {
    help: 'It matches this (RE2 syntax). One MiB of a body is read, 4 KiB by tcp and tls.',
  }).optional(),
  json: section({
    path: text('a path such as status or checks.0.ok', /^[^.\s]+(?:\.[^.\s]+)*$/, {
      help: 'The body is JSON, and this field is there: keys and indices with dots between them.',
    }).optional(),
    value: field(SCALAR, readScalar, { help: 'It has this value.' }).optional(),
  }),
  size: section({
    least: bytes({ help: 'The body has at least so many bytes.' }, '0B', '1MiB').optional(),
    most: bytes({ help: 'It has at most so many.' }, '0B', '1MiB').optional(),
  }),
  redirects: whole(
    { help: 'Redirects to the same host that are followed; 0 = the redirect itself is judged.', default: 0 },
    0,
    10,
  ),
  latency: duration(
    { help: 'An answer that takes longer has failed, although it came. Left out: only `timeout` counts.' },
    { min: '1ms', max: '1h' },
  ).optional(),
  send: text('text of at most 4096 letters', /^[\s\S]{1,4096}$/, {
    help: 'What a tcp, tls or udp server is sent, in UTF-8. In double quotes, \\r\\n and \\x00 are what they say.',
  }).optional(),
  service: text('the name of a gRPC service', /^[!-~]{1,255}$/, {
    help: 'What a grpc check asks about. Left out: the server as a whole.',
  }).optional(),
  command: textOrList('a program, or a list of it and its arguments', {
    help: 'Exit code 0 is a pass. The server is in `TIDEGATE_HOST` and `TIDEGATE_PORT`; with the timeout the whole process group is killed.',
  }).optional(),
  certificate: section({
    days: whole({ help: 'The server’s certificate is good for so many days more.' }, 0, 3650).optional(),
    action: choice(['fail', 'warn'], {
      help: '`warn`: the check passes, and its result says when the certificate ends. Default: fail.',
    }).optional(),
  }),
  tls: SERVER_TLS,
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
})

function readStatuses(raw: unknown): StatusRange | readonly StatusRange[] | undefined {
  if (!Array.isArray(raw)) return readRange(raw)
  const ranges = raw.map(readRange)
  return ranges.length > 0 && ranges.length <= 50 && ranges.every((range) => range !== undefined)
    ? ranges
    : undefined
}

function readRange(raw: unknown): StatusRange | undefined {
  const match = /^([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?$/.exec(
    typeof raw === 'number' ? String(raw) : typeof raw === 'string' ? raw : '',
  )
  if (!match) return undefined
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])]
  return from <= to ? { from, to } : undefined
}

/** YAML reads 1.1 as a number, and 1.0 as the number 1. */
function readVersion(raw: unknown): (typeof HTTP_VERSIONS)[number] | undefined {
  const written = raw === 1 ? '1.0' : String(raw)
  return HTTP_VERSIONS.find((version) => version === written)
}

function readScalar(raw: unknown): string | number | boolean | undefined {
  return typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean' ? raw : undefined
}
