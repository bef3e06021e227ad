import { Buffer } from 'node:buffer'
import { STATUS_CODES } from 'node:http'
import CachePolicy from 'http-cache-semantics'
import type { CacheSpec } from '../../../core/cache.ts'
import type { Pool } from '../../worker/pools/pool.ts'
import { hasDirective, withoutDirectives } from './directives.ts'
import type { Fields, Line } from './fields.ts'

/** A request as a cache looks at it. */
export interface Asked {
  /** `http://host/path?query`. */
  readonly url: string
  readonly fields: Fields
}

/** What a server was asked, so that it can be asked again while nobody waits. */
export interface Origin {
  readonly pool: Pool
  /** The head as it was sent, without conditions and without the empty line at its end. */
  readonly head: string
}

/** An answer that is kept. */
export interface Stored {
  readonly asked: Asked
  readonly status: number
  /** What goes to clients, without Age and without framing. */
  readonly lines: readonly Line[]
  readonly fields: Fields
  readonly body: Buffer
  readonly policy: CachePolicy
  /** It must never be given stale (RFC 9111 5.2.2.2). */
  readonly strict: boolean
  readonly origin: Origin | null
  /** What it costs. */
  readonly bytes: number
  /** Somebody is asking its server about it while it is given on. */
  isBeingRefreshed: boolean
}

/** Objects around the texts. */
const OVERHEAD_BYTES = 1024
/** Statuses of whole answers: 206 is a part, 304 about another. */
const NEVER_STORED = new Set([206, 304])
/** They are of the body that is kept. */
const NOT_UPDATED = new Set([
  'content-length',
  'content-encoding',
  'content-md5',
  'content-range',
  'etag',
  'transfer-encoding',
])
/** RFC 9111 1.2.2: as old as can be. */
const OLDEST_S = '2147483648'
const STRICT = ['must-revalidate', 'proxy-revalidate']

/** May an answer be kept at all, and would it ever be of use? */
export function isStorable(asked: Asked, status: number, fields: Fields): boolean {
  if (NEVER_STORED.has(status) || fields.vary?.split(',').some((name) => name.trim() === '*')) return false
  // Who gets another's cookie is that other; RFC 9111 7.3 leaves it to caches.
  if (fields['set-cookie'] !== undefined) return false
  const policy = new CachePolicy(requestOf(asked), { status, headers: fields })
  if (!policy.storable()) return false
  return policy.timeToLive() > 0 || fields.etag !== undefined || fields['last-modified'] !== undefined
}

export interface Answered {
  readonly status: number
  readonly lines: readonly Line[]
  readonly fields: Fields
}

/** `origin` is kept only where it may be of use. */
export function storedOf(
  asked: Asked,
  { status, lines, fields }: Answered,
  { body, origin }: { readonly body: Buffer; readonly origin: Origin | null },
  spec: CacheSpec,
): Stored {
  const seen: Fields = { ...fields, ...controlOf(fields, spec) }
  // An age that nobody can read is no reason to take it for new.
  if (fields.age !== undefined && !/^\d+$/.test(fields.age)) seen.age = OLDEST_S
  const policy = new CachePolicy(requestOf(asked), { status, headers: seen })
  const dated: readonly Line[] =
    fields.date === undefined ? [...lines, ['Date', new Date().toUTCString()]] : lines
  const kept = dated.filter(([name]) => name.toLowerCase() !== 'age')
  const strict = STRICT.some((name) => hasDirective(fields['cache-control'], name))
  const isRefreshed = !strict && hasDirective(seen['cache-control'], 'stale-while-revalidate')
  const text = [...kept, ...Object.entries(asked.fields)].reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    asked.url.length,
  )
  const bytes = OVERHEAD_BYTES + 3 * text + body.length + (isRefreshed ? (origin?.head.length ?? 0) : 0)
  return {
    asked,
    status,
    lines: kept,
    fields,
    body,
    policy,
    strict,
    origin: isRefreshed ? origin : null,
    bytes,
    isBeingRefreshed: false,
  }
}

/** What a 304 says of a kept answer (RFC 9111 3.2). */
export function freshened(stored: Stored, asked: Asked, about: Answered, spec: CacheSpec): Stored {
  const said = about.lines.filter(([name]) => !NOT_UPDATED.has(name.toLowerCase()))
  const names = new Set(said.map(([name]) => name.toLowerCase()))
  const lines = [...stored.lines.filter(([name]) => !names.has(name.toLowerCase())), ...said]
  const fields: Fields = Object.assign(Object.create(null), stored.fields)
  delete fields.age
  for (const name of names) if (about.fields[name] !== undefined) fields[name] = about.fields[name]
  return storedOf(asked, { status: stored.status, lines, fields }, stored, spec)
}

/** As the library is to see it: strictness is ours, for it takes it as "never fresh". What the rule says is added. */
function controlOf(fields: Fields, spec: CacheSpec): { 'cache-control'?: string } {
  let control = withoutDirectives(fields['cache-control'] ?? '', STRICT)
  const add = (name: string, ms: number) => {
    if (ms > 0 && !hasDirective(control, name)) control += `${control && ', '}${name}=${Math.ceil(ms / 1000)}`
  }
  add('stale-while-revalidate', spec.staleWhileRevalidateMs)
  add('stale-if-error', spec.staleIfErrorMs)
  return control === '' && fields['cache-control'] === undefined ? {} : { 'cache-control': control }
}

export function requestOf({ url, fields }: Asked): CachePolicy.Request {
  return { method: 'GET', url, headers: fields }
}

export type Verdict = 'fresh' | 'stale' | 'ask'

/** May it be given at once? `stale` = yes, and its server is asked beside. */
export function verdictOf(stored: Stored, asked: Asked): Verdict {
  if (stored.strict && stored.policy.stale()) return 'ask'
  const { response, revalidation } = stored.policy.evaluateRequest(requestOf(asked)) as {
    response?: object
    revalidation?: object
  }
  if (response === undefined) return 'ask'
  return revalidation === undefined ? 'fresh' : 'stale'
}

/** Is it an answer to this request, fresh or not? */
export function answers(stored: Stored, { fields }: Asked): boolean {
  const names = stored.fields.vary?.toLowerCase().split(',') ?? []
  return names.every((name) => fields[name.trim()] === stored.asked.fields[name.trim()])
}

/** Its server cannot be asked: may it be given all the same? */
export function servesErrors(stored: Stored, asked: Asked): boolean {
  if (stored.strict) return false
  const failed = { status: 503, headers: {} }
  return stored.policy.revalidatedPolicy(requestOf(asked), failed).policy === stored.policy
}

export function ageOf({ policy }: Stored): number {
  return Math.max(0, Math.floor(policy.age()))
}

/** An answer's head in HTTP/1.1's form. */
export function headBytes(status: number, lines: readonly Line[], length: number | null): Buffer {
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const sized = length === null ? '' : `Content-Length: ${length}\r\n`
  return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${text}${sized}\r\n`, 'latin1')
}
