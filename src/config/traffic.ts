import type * as z from 'zod'
import type { CacheSpec } from '../core/cache.ts'
import type { RuleSpec } from '../core/rule.ts'
import {
  type CompressSpec,
  type CountedBy,
  ENCODINGS,
  type Encoding,
  type RateLimitSpec,
} from '../core/traffic.ts'
import type { CACHE } from './cache-schema.ts'
import type { Path } from './document.ts'
import type { Report } from './report.ts'
import type { RULE } from './rule-schema.ts'
import type { COMPRESS, RATE_LIMIT } from './traffic-schema.ts'

const PER_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }
const TYPES: readonly string[] = [
  'text/*',
  'application/json',
  'application/javascript',
  'application/xml',
  'application/manifest+json',
  'application/wasm',
  'image/svg+xml',
]
const TYPE = /^[a-z0-9!#$&^_.+-]+\/(\*|[a-z0-9!#$&^_.+-]+)$/

/** What a rule does to the traffic that it takes. */
export function readTraffic(
  parsed: z.output<typeof RULE>,
  path: Path,
  report: Report,
): Pick<RuleSpec, 'rateLimit' | 'concurrency' | 'sizes' | 'compress' | 'cache'> {
  const { concurrency, sizes, compress, cache } = parsed
  const rateLimit = parsed['rate-limit']
  return {
    ...(rateLimit && { rateLimit: readRate(rateLimit, [...path, 'rate-limit'], report) }),
    ...(concurrency && {
      concurrency: { requests: concurrency.requests, queue: concurrency.queue, waitMs: concurrency.wait },
    }),
    ...(sizes && { sizes: { requestBytes: sizes.request ?? null, responseBytes: sizes.response ?? null } }),
    ...(compress && { compress: readCompress(compress, [...path, 'compress'], report) }),
    ...(cache && { cache: readCache(cache) }),
  }
}

function readCache(cache: z.output<typeof CACHE>): CacheSpec {
  return {
    memoryBytes: cache.memory,
    largestBytes: cache['max-size'],
    entries: cache.entries,
    staleWhileRevalidateMs: cache['stale-while-revalidate'],
    staleIfErrorMs: cache['stale-if-error'],
  }
}

function readRate(limit: z.output<typeof RATE_LIMIT>, path: Path, report: Report): RateLimitSpec {
  const [count = '1', unit = 's'] = limit.rate.split('/')
  const [requests, perMs] = [Number(count), PER_MS[unit] ?? 1_000]
  const burst = limit.burst ?? Math.max(1, Math.ceil((requests * 1_000) / perMs))
  return { requests, perMs, burst, key: readKey(limit, path, report) }
}

function readKey({ by, header, cookie }: z.output<typeof RATE_LIMIT>, path: Path, report: Report): CountedBy {
  if (header !== undefined && cookie !== undefined) {
    report.error([...path, 'cookie'], 'requests are counted by one thing, and header is set already')
  }
  if (header !== undefined) return { by: 'header', name: header.toLowerCase() }
  return cookie === undefined ? { by } : { by: 'cookie', name: cookie }
}

function readCompress(compress: z.output<typeof COMPRESS>, path: Path, report: Report): CompressSpec {
  const named = listOf(compress.encodings)
  const encodings = (named ?? ENCODINGS).flatMap((word, index): Encoding[] => {
    const known = ENCODINGS.find((encoding) => encoding === word)
    if (known === undefined) {
      const at = [...path, 'encodings', ...(Array.isArray(compress.encodings) ? [index] : [])]
      report.error(at, `expected one of ${ENCODINGS.join(', ')}, got ${word}`)
    }
    return known === undefined ? [] : [known]
  })
  const types = (listOf(compress.types) ?? TYPES).map((type) => type.toLowerCase())
  types.forEach((type, index) => {
    if (TYPE.test(type)) return
    const at = [...path, 'types', ...(Array.isArray(compress.types) ? [index] : [])]
    report.error(at, `expected a media type such as text/html or text/*, got ${type}`)
  })
  return { encodings, leastBytes: compress['min-size'], types }
}

function listOf(words: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof words === 'string' ? [words] : words
}
