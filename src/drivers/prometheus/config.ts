import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import type { ConfigProblem, DriverKey, DriverKeys, Parsed } from '../../core/driver.ts'
import { messageOf } from '../../core/fault.ts'
import { durationForm, textForm, YES_NO } from '../../core/form.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration, parseDuration } from '../../core/units.ts'

/** How to reach one Prometheus, or whatever speaks its HTTP API (Thanos, Mimir, VictoriaMetrics). */
export interface PrometheusConfig {
  /** Without a slash at its end; what stands before `/api/v1`. */
  readonly url: string
  /** The `authorization` header, whole; null = none. */
  readonly authorization: string | null
  readonly tls: {
    /** Absolute paths of PEM files; null = the system's, none. */
    readonly ca: string | null
    readonly cert: string | null
    readonly key: string | null
    /** Accept any certificate. */
    readonly insecure: boolean
  }
  /** For one answer, whole. */
  readonly timeoutMs: Millis
  /** How often a query is asked; in between its last answer stands. */
  readonly everyMs: Millis
}

const TIMEOUT: Range = { key: 'timeout', standard: 5_000, min: 100, max: 30_000 }
const EVERY: Range = { key: 'every', standard: 5_000, min: 1_000, max: 3_600_000 }
const TLS_KEYS: DriverKeys = {
  ca: {
    ...textForm('PEM file'),
    help: "Who may have signed its certificate. Default: the system's authorities.",
  },
  cert: { ...textForm('PEM file'), help: 'A certificate of ours, with `key`.' },
  key: { ...textForm('PEM file'), help: 'The key of `cert`.' },
  insecure: { ...YES_NO, default: false, help: 'Accepts any certificate.' },
}
export const SOURCE_KEYS: DriverKeys = {
  url: {
    ...textForm('http:// or https:// address', /^https?:\/\//),
    required: true,
    help: 'What stands before `/api/v1`.',
  },
  bearer: {
    ...textForm('text without spaces'),
    help: 'A token; keep it out of the file, in an environment variable or a file of its own.',
  },
  user: { ...textForm('text'), help: 'With `password`, instead of `bearer`.' },
  password: { ...textForm('text'), help: 'Of `user`.' },
  tls: { help: 'For an https address.', keys: TLS_KEYS },
  timeout: rangeKey(TIMEOUT, 'For one answer, whole.'),
  every: rangeKey(EVERY, 'How often a query is asked; in between its last answer stands.'),
}
const MAX_QUERY_CHARACTERS = 16 * 1024
export const METRIC_KEYS: DriverKeys = {
  query: {
    type: 'PromQL query',
    allowed: `to ${MAX_QUERY_CHARACTERS} characters`,
    schema: { type: 'string', minLength: 1, maxLength: MAX_QUERY_CHARACTERS },
    required: true,
    help: 'Gives one value; `$fleet` is the name of the fleet that asks. See `docs/guides/prometheus.md`.',
  },
}
/** What a header may carry, and what a user and a password may (RFC 7617). */
const TOKEN = /^[\x21-\x7e]+$/
const ONE_LINE = /^\P{Cc}+$/u

type Raw = Readonly<Record<string, unknown>>
type Report = (path: ConfigProblem['path'], message: string) => void

/** Parses the keys above and looks at no others; every problem is reported, not only the first. */
export function parseSource(raw: Raw, { baseDir }: { readonly baseDir: string }): Parsed<PrometheusConfig> {
  const problems: ConfigProblem[] = []
  const report: Report = (path, message) => problems.push({ path, message })
  const config = {
    url: urlOf(raw.url, report),
    authorization: authorizationOf(raw, report),
    tls: tlsOf(raw.tls, baseDir, report),
    timeoutMs: durationOf(raw, TIMEOUT, report),
    everyMs: durationOf(raw, EVERY, report),
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

/** A metric's query; whether it is PromQL only its Prometheus can tell. */
export function parseMetric({ query }: Raw): Parsed<string> {
  if (typeof query === 'string' && query.trim() !== '' && query.length <= MAX_QUERY_CHARACTERS)
    return { ok: true, config: query.trim() }
  const message = `expected a PromQL query of at most ${MAX_QUERY_CHARACTERS} characters, such as sum(queue_depth)`
  return { ok: false, problems: [{ path: ['query'], message }] }
}

function urlOf(value: unknown, report: Report): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    report(['url'], 'expected an address such as http://127.0.0.1:9090')
    return ''
  }
  if (url.username !== '' || url.password !== '')
    report(['url'], 'expected no user in it; write user: and password:')
  if (url.search !== '' || url.hash !== '') report(['url'], 'expected no ? and no # in it')
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function authorizationOf({ bearer, user, password }: Raw, report: Report): string | null {
  const check = (key: string, value: unknown, pattern: RegExp, expected: string) => {
    if (value !== undefined && !(typeof value === 'string' && pattern.test(value))) report([key], expected)
  }
  check('bearer', bearer, TOKEN, 'expected a token, text without spaces')
  check('user', user, ONE_LINE, 'expected text of one line; put quotes around it')
  check('password', password, ONE_LINE, 'expected text of one line; put quotes around it')
  if (bearer !== undefined) {
    if (user !== undefined || password !== undefined)
      report(['bearer'], 'expected bearer or user and password, not both')
    return `Bearer ${String(bearer)}`
  }
  if (user === undefined && password === undefined) return null
  if (user === undefined) report(['user'], 'expected the user that the password is of')
  else if (String(user).includes(':')) report(['user'], 'expected a user without a colon')
  if (password === undefined) report(['password'], 'expected the password of the user')
  return `Basic ${Buffer.from(`${String(user)}:${String(password)}`).toString('base64')}`
}

function tlsOf(value: unknown, baseDir: string, report: Report): PrometheusConfig['tls'] {
  const none = { ca: null, cert: null, key: null, insecure: false }
  if (value === undefined) return none
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(['tls'], 'expected a map such as { ca: ./ca.pem }')
    return none
  }
  const raw = value as Raw
  for (const key of Object.keys(raw))
    if (!Object.hasOwn(TLS_KEYS, key))
      report(['tls', key], `unknown key; known: ${Object.keys(TLS_KEYS).join(', ')}`)
  const pem = (key: string) =>
    raw[key] === undefined ? null : pemOf(raw[key], baseDir, (m) => report(['tls', key], m))
  const [ca, cert, key] = [pem('ca'), pem('cert'), pem('key')]
  if (cert !== null && key === null) report(['tls', 'key'], 'expected the key of the certificate, a PEM file')
  if (key !== null && cert === null)
    report(['tls', 'cert'], 'expected the certificate of the key, a PEM file')
  if (raw.insecure !== undefined && typeof raw.insecure !== 'boolean')
    report(['tls', 'insecure'], 'expected true or false')
  return { ca, cert, key, insecure: raw.insecure === true }
}

function pemOf(value: unknown, baseDir: string, complain: (message: string) => void): string {
  if (typeof value !== 'string' || value === '') {
    complain('expected a PEM file, absolute or relative to this file')
    return ''
  }
  const path = resolve(baseDir, value)
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    complain(`expected a PEM file that can be read (${messageOf(error)})`)
  }
  return path
}

interface Range {
  readonly key: 'timeout' | 'every'
  readonly standard: Millis
  readonly min: Millis
  readonly max: Millis
}

function rangeKey({ standard, min, max }: Range, help: string): DriverKey {
  return {
    ...durationForm(`${formatDuration(min)} to ${formatDuration(max)}`),
    default: formatDuration(standard),
    help,
  }
}

function durationOf(raw: Raw, { key, standard, min, max }: Range, report: Report): Millis {
  const value = raw[key]
  if (value === undefined) return standard
  const ms = typeof value === 'string' ? parseDuration(value) : null
  if (ms !== null && ms >= min && ms <= max) return ms
  const range = `from ${formatDuration(min)} to ${formatDuration(max)}`
  report([key], `expected a duration such as ${formatDuration(standard)}, ${range}`)
  return standard
}
