import * as z from 'zod'
import { ENCODINGS } from '../core/traffic.ts'
import { bytes, choice, duration, text, textOrList, whole } from './fields.ts'

export const RATE_LIMIT = z.strictObject({
  rate: text('a rate such as 100/s, 600/m or 20/h', /^[1-9]\d{0,8}\/[smh]$/, {
    help: 'Requests a second, minute or hour, over all workers; more are 429 with Retry-After. They are told how many are left (RateLimit).',
  }),
  burst: whole(
    {
      help: 'So many more may come at once after a pause. Default: as many as come in a second, at least 1.',
    },
    0,
    1_000_000,
  ).optional(),
  by: choice(['source', 'path', 'rule'], {
    help: 'What is counted: each client by its address, each path, or all requests of the rule together.',
    default: 'source',
  }),
  header: text('the name of a header', /^[A-Za-z0-9-]+$/, {
    help: 'In place of `by`: each value of this header. Requests without it are counted by their client.',
  }).optional(),
  cookie: text('the name of a cookie', /^[A-Za-z0-9_.-]+$/, {
    help: 'In place of `by`: each value of this cookie. Requests without it are counted by their client.',
  }).optional(),
})

export const CONCURRENCY = z.strictObject({
  requests: whole(
    {
      help: 'Requests of the rule that are under way at once, shared evenly between workers, at least one each: with `gateway.workers: 1` the number is exact. The next ones wait.',
    },
    1,
    1_000_000,
  ),
  queue: whole(
    { help: 'So many wait, shared likewise, first come, first served; more are 503 at once.', default: 100 },
    0,
    1_000_000,
  ),
  wait: duration(
    {
      help: 'Who has waited so long is answered 503.',
      default: '5s',
      advice: { most: '30s', above: 'most clients have given up by then' },
    },
    { min: '100ms', max: '10m' },
  ),
})

export const COMPRESS = z.strictObject({
  encodings: textOrList(`one of ${ENCODINGS.join(', ')}, or a list of them`, {
    help: 'Which of zstd, br and gzip, the preferred one first among those that a client likes equally. Default: all.',
  }).optional(),
  'min-size': bytes(
    {
      help: 'Shorter answers stay as they are, where their length is known.',
      default: '1KiB',
      advice: { least: '256B', below: 'the answer becomes longer, and the processor works for nothing' },
    },
    '0B',
    '1GiB',
  ),
  types: textOrList('a media type such as text/html or text/*, or a list of them', {
    help: 'Only these. Default: text/*, application/json, application/javascript, application/xml, application/manifest+json, application/wasm, image/svg+xml.',
  }).optional(),
})

export const SIZES = z.strictObject({
  request: bytes(
    { help: 'The longest body of a request; more is 413. Left out: as the listener’s `limits.body`.' },
    '0B',
    '1024TiB',
  ).optional(),
  response: bytes(
    {
      help: 'The longest body of an answer; more is 502, or breaks off when its length was not known. Left out: any.',
    },
    '1B',
    '1024TiB',
  ).optional(),
})
