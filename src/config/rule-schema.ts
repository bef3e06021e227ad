import * as z from 'zod'
import { mappingForm, orPlaceholder, wholeForm } from '../core/form.ts'
import { CACHE } from './cache-schema.ts'
import { CANARY } from './canary-schema.ts'
import {
  bytes,
  field,
  type Kind,
  mapping,
  percent,
  section,
  text,
  textOrList,
  whole,
  wholeOf,
} from './fields.ts'
import { algorithm, HASH } from './spread-schema.ts'
import { STICKY } from './sticky-schema.ts'
import { COMPRESS, CONCURRENCY, RATE_LIMIT, SIZES } from './traffic-schema.ts'

const VALUE = orPlaceholder({ anyOf: [{ type: 'string' }, { type: 'number' }] })
const FIELD = {
  anyOf: [
    VALUE,
    {
      type: 'object',
      properties: { prefix: VALUE, regex: VALUE, present: { type: 'boolean' } },
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
    },
  ],
}
/** What a header, a cookie or a parameter may be asked for. */
export const FIELD_EXPECTS = 'a value, or one of { prefix: }, { regex: } and { present: }'

function fields(what: string, help: string) {
  return mapping(`names of ${what}, each with ${FIELD_EXPECTS}`, FIELD, { help })
}

const MATCH = section({
  host: text('a host such as example.org or *.example.org, without a port', hostPattern(), {
    help: '`example.org`, or `*.example.org` for every name below it. Left out: every host.',
  }).optional(),
  path: text('a path such as /exact or /prefix/*', /^\/(?:[^\s?#*]*\/\*|[^\s?#*]*|\*)$/, {
    help: '`/exact`, or `/prefix/*`, which also matches `/prefix`. Left out: every path.',
  }).optional(),
  'path-regex': text('a regular expression', /^.{1,1000}$/, {
    help: 'A regular expression (RE2 syntax), looked for anywhere in the path unless `^` and `$` hold it.',
  }).optional(),
  method: textOrList('a method such as GET, or a list of them', {
    help: 'One of these methods. HEAD is one of its own.',
  }).optional(),
  header: fields('headers', 'Every one of these headers.').optional(),
  cookie: fields('cookies', 'Every one of these cookies.').optional(),
  query: fields(
    'parameters',
    'Every one of these parameters of the query, compared without percent codes.',
  ).optional(),
  source: textOrList('a network such as 10.0.0.0/8, or a list of them', {
    help: 'The client is in one of these networks.',
  }).optional(),
  type: textOrList('a media type such as application/json or image/*, or a list of them', {
    help: 'The `Content-Type` of the request is one of these.',
  }).optional(),
  size: section({
    least: bytes(
      {
        help: 'The body of the request has at least so many bytes. One of unknown length is longer than any.',
      },
      '0B',
      '1024TiB',
    ).optional(),
    most: bytes({ help: 'It has at most so many.' }, '0B', '1024TiB').optional(),
  }),
  'client-certificate': textOrList('the name in a client certificate, a list of them, or "*"', {
    help: 'The client has a verified certificate for one of these names: its alternative names (host, e-mail, URI), or the common name where it has none. `"*"`: for whomever. The listener must ask for it: `tls.client-certificate`.',
  }).optional(),
})

/** A path of the target's letters, percent codes as they are. */
const PLAIN = /^(?:\/[^\s?#"<>\\]*)?$/
const EXAMPLE = 'such as /new'

const WEIGHTS: Kind = {
  ...mappingForm('pools and their weights', wholeForm(0, 1000).schema),
  expects: 'pools and their weights from 0 to 1000, such as { stable: 95, canary: 5 }',
}

function readWeights(raw: unknown): readonly (readonly [string, number])[] | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined
  const weights = Object.entries(raw).map(([pool, weight]) => [pool, wholeOf(weight) ?? -1] as const)
  return weights.length > 0 && weights.every(([, weight]) => weight >= 0 && weight <= 1000)
    ? weights
    : undefined
}

const SPLIT = z.strictObject({
  pools: field(WEIGHTS, readWeights, {
    help: 'Pools and their weights, 0 to 1000: how many of all requests each gets.',
  }),
  ...STICKY,
})

const REDIRECTS = [301, 302, 303, 307, 308]
const STATUSES: Kind = {
  type: 'status',
  allowed: REDIRECTS.join(', '),
  expects: '301, 302, 303, 307 or 308',
  schema: orPlaceholder({ enum: REDIRECTS }),
}

const REDIRECT = z.strictObject({
  to: text(
    'an address such as https://www.example.org or a path such as /new',
    /^(?:https?:\/\/[^/\s]|\/(?!\/|\$\{))[^\s"<>\\]*$|^\/$/,
    {
      help: `Where to. \`\${host}\`, \`\${path}\`, \`\${query}\` (with its \`?\`), \`\${scheme}\` and \`\${client}\` are those of the request.`,
    },
  ),
  status: field(STATUSES, (raw) => REDIRECTS.find((status) => status === wholeOf(raw)), {
    help: '307 and 308 keep the method and the body, 301 and 308 may be remembered.',
    default: 302,
  }),
})

const RESPOND = z.strictObject({
  status: whole({ help: 'The status; 1xx cannot be.', default: 200 }, 200, 599),
  body: text('text of at most 64 KiB', /^[\s\S]{0,65536}$/, {
    help: 'The body. Left out: none.',
  }).optional(),
  type: text('a media type such as text/plain', /^[!-~][ -~]{0,255}$/, {
    help: 'Its `Content-Type`.',
    default: 'text/plain; charset=utf-8',
  }),
})

const REWRITE = z.strictObject({
  prefix: text(`a path ${EXAMPLE}`, PLAIN, {
    help: 'Paths that begin with this, by whole segments, begin with `to` instead.',
  }).optional(),
  regex: text('a regular expression', /^.{1,1000}$/, {
    help: 'Or: the first match of this expression (RE2) in the path is replaced by `to`.',
  }).optional(),
  to: text(`a path ${EXAMPLE}`, /^[^\s?#"<>\\]*$/, {
    help: 'The new part; `$1` is what the first group of `regex` matched. The query stays.',
  }),
})

const MIRROR = z.strictObject({
  pool: text('the name of a pool', /^.+$/, {
    help: 'Where copies of the requests go. Nobody waits for their answers, which are dropped; the pool counts them as any other.',
  }),
  share: percent({ help: 'How many of the requests are copied.', default: '100%' }),
  body: bytes({ help: 'Requests with a longer body are not copied.', default: '64KiB' }, '0B', '16MiB'),
  'in-flight': whole(
    { help: 'Copies that may be under way, a worker; beyond it requests are not copied.', default: 100 },
    1,
    10_000,
  ),
})

const HEADERS = 'names of headers and their values, such as { x-color: blue }'

function edits(where: string, variables: string) {
  return z.strictObject({
    set: mapping(HEADERS, VALUE, {
      help: `Headers of ${where} that are there once and have this value. ${variables}`,
    }).optional(),
    add: mapping(HEADERS, VALUE, {
      help: 'Headers that are there too, beside those of that name.',
    }).optional(),
    remove: textOrList('the name of a header, or a list of them', {
      help: 'Headers that are not there.',
    }).optional(),
  })
}

export const RULE = z.strictObject({
  match: MATCH,
  pool: text('the name of a pool', /^.+$/, {
    help: 'Where the requests go. A rule has one of `pool`, `split`, `redirect` and `respond`.',
  }).optional(),
  canary: CANARY.optional(),
  split: SPLIT.optional(),
  redirect: REDIRECT.optional(),
  respond: RESPOND.optional(),
  algorithm: algorithm({
    help: 'Which server gets the next request of this rule, in a place of its own beside other rules. Left out: as its pool says.',
  }).optional(),
  hash: HASH,
  class: text('1 to 29 lower-case letters, digits and hyphens', /^[a-z0-9-]{1,29}$/, {
    help: 'The traffic class of its requests: they are counted together in `/metrics`, and the access log names it.',
  }).optional(),
  'rate-limit': RATE_LIMIT.optional(),
  concurrency: CONCURRENCY.optional(),
  sizes: SIZES.optional(),
  compress: COMPRESS.optional(),
  cache: CACHE.optional(),
  'cache-control': text('a Cache-Control such as max-age=3600', /^[\x20-\x7e]{1,200}$/, {
    help: 'What answers say to caches, whatever their server says: the same as `response: { set: { cache-control: ... } }`.',
  }).optional(),
  rewrite: REWRITE.optional(),
  mirror: MIRROR.optional(),
  request: edits(
    'what goes to the server',
    `\`\${client}\`, \`\${host}\`, \`\${path}\`, \`\${query}\` and \`\${scheme}\` are those of the request.`,
  ).optional(),
  response: edits(
    'the answer',
    `\`\${client}\`, \`\${host}\`, \`\${path}\` and \`\${scheme}\` are those of the request.`,
  ).optional(),
})

function hostPattern(): RegExp {
  const label = '[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?'
  return new RegExp(`^(?:(?:\\*\\.)?${label}(?:\\.${label})*|\\[[0-9a-fA-F:.]+\\])$`)
}
