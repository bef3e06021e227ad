import type * as z from 'zod'
import { isHttp, type Protocol } from '../core/balancer.ts'
import type {
  AnswerSpec,
  AuthorizationSpec,
  HealthSpec,
  HealthType,
  HttpCheckSpec,
  HttpVersion,
} from '../core/health.ts'
import type { ServerTlsSpec } from '../core/tls.ts'
import { formatDuration } from '../core/units.ts'
import type { Path } from './document.ts'
import type { HEALTH } from './health-schema.ts'
import type { Report } from './report.ts'
import { checkRegex } from './rule-match.ts'
import { readServerTls, type TlsFiles } from './tls.ts'

type Parsed = z.output<typeof HEALTH>

export interface HealthContext {
  readonly path: Path
  /** The protocols of the listeners that send to this pool. */
  readonly protocols: ReadonlySet<Protocol>
  readonly files: TlsFiles
  /** How the pool's servers are spoken to; undefined = in plain bytes. */
  readonly upstreamTls: ServerTlsSpec | undefined
  readonly upstreamVersion: HttpVersion
}

const DEFAULT_TIMEOUT_MS = 5_000

const HTTP: readonly HealthType[] = ['http', 'https']
const STREAM: readonly HealthType[] = ['tcp', 'tls']
const ENCRYPTED: readonly HealthType[] = ['https', 'tls', 'grpc']
/** The types of checks that a key says something about; of other keys, all. */
const TYPES_OF: Readonly<Record<string, readonly HealthType[]>> = {
  port: [...HTTP, ...STREAM, 'grpc', 'udp', 'command'],
  path: HTTP,
  method: HTTP,
  version: HTTP,
  host: HTTP,
  headers: HTTP,
  authorization: HTTP,
  expect: HTTP,
  text: [...HTTP, ...STREAM, 'udp'],
  regex: [...HTTP, ...STREAM, 'udp'],
  json: HTTP,
  size: HTTP,
  redirects: HTTP,
  send: [...STREAM, 'udp'],
  service: ['grpc'],
  command: ['command'],
  certificate: ENCRYPTED,
  tls: ENCRYPTED,
}
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/
const HEADER_VALUE = /^[ -~]{0,4000}$/
/** They are the check's own: how its request ends, and what it is called. */
const OWN_HEADERS = ['connection', 'content-length', 'host', 'te', 'transfer-encoding', 'upgrade']

/** How the servers of a pool are checked. */
export function readHealth(health: Parsed, context: HealthContext, report: Report): HealthSpec {
  const { path } = context
  const { interval, timeout, latency, port, send, service, certificate } = health
  const type = health.type ?? defaultType(context)
  checkKeys(type, path, report)
  checkTimes(health, path, report)
  const answer = readAnswer(health, path, report)
  checkMeaning(health, type, { path, report })
  const http = HTTP.includes(type) ? readHttp(health, context, report) : undefined
  const tls = ENCRYPTED.includes(type) ? readTls(health.tls, type, context, report) : undefined
  const command = typeof health.command === 'string' ? [health.command] : health.command
  return {
    type,
    path: health.path,
    expect: health.expect,
    intervalMs: interval,
    timeoutMs: timeout ?? Math.min(DEFAULT_TIMEOUT_MS, interval),
    unhealthy: health.unhealthy,
    healthy: health.healthy,
    ...(port !== undefined && { port }),
    ...(latency !== undefined && { latencyMs: latency }),
    ...(http && { http }),
    ...(send !== undefined && { send }),
    ...(answer && { answer }),
    ...(tls && { tls }),
    ...(certificate.days !== undefined && {
      certificate: { days: certificate.days, action: certificate.action ?? 'fail' },
    }),
    ...(service !== undefined && { service }),
    ...(command && { command }),
  }
}

function defaultType({ protocols, upstreamTls }: HealthContext): HealthType {
  const onlyStreams = protocols.size > 0 && ![...protocols].some(isHttp)
  if (protocols.size === 1 && protocols.has('udp')) return 'udp'
  if (upstreamTls) return onlyStreams ? 'tls' : 'https'
  return onlyStreams ? 'tcp' : 'http'
}

function checkKeys(type: HealthType, path: Path, report: Report): void {
  for (const [key, types] of Object.entries(TYPES_OF)) {
    if (types.includes(type) || !report.has([...path, key])) continue
    report.error([...path, key], `has no effect on a ${type} check; expected type: ${types.join(' or ')}`)
  }
}

function checkTimes({ interval, timeout, latency }: Parsed, path: Path, report: Report): void {
  if (timeout !== undefined && timeout >= interval) {
    report.warn(
      [...path, 'timeout'],
      `${formatDuration(timeout)} is not shorter than the interval of ${formatDuration(interval)}; checks of a slow server will overlap or be late`,
    )
  }
  const whole = timeout ?? Math.min(DEFAULT_TIMEOUT_MS, interval)
  if (latency !== undefined && latency >= whole) {
    report.warn(
      [...path, 'latency'],
      `${formatDuration(latency)} is not shorter than the timeout of ${formatDuration(whole)}, which ends every check before`,
    )
  }
}

/** What one key needs of another. */
function checkMeaning(
  health: Parsed,
  type: HealthType,
  { path, report }: { readonly path: Path; readonly report: Report },
): void {
  const { method, text, regex, json, size, send, command, certificate } = health
  const asksForBody = text !== undefined || regex !== undefined || json.path !== undefined
  if (HTTP.includes(type) && method === 'HEAD' && (asksForBody || (size.least ?? 0) > 0)) {
    report.error([...path, 'method'], 'an answer to HEAD has no body to look at; expected GET')
  }
  if (STREAM.includes(type) && send !== undefined && text === undefined && regex === undefined) {
    report.error([...path, 'send'], 'nobody looks at the answer; expected text or regex beside it')
  }
  if (type === 'command' && command === undefined) {
    report.error(path, 'missing command; expected a program, such as command: [/usr/bin/check, --fast]')
  }
  if (report.has([...path, 'certificate']) && certificate.days === undefined) {
    report.error([...path, 'certificate'], 'missing days; expected a whole number such as 14')
  }
}

function readAnswer({ text, regex, json, size }: Parsed, path: Path, report: Report): AnswerSpec | undefined {
  checkRegex(regex, [...path, 'regex'], report)
  if ((json.path === undefined) !== (json.value === undefined)) {
    report.error([...path, 'json'], 'has one of path and value; expected both')
  }
  if (size.least !== undefined && size.most !== undefined && size.least > size.most) {
    report.error([...path, 'size', 'most'], 'less than least, so that no answer passes')
  }
  const answer: AnswerSpec = {
    ...(text !== undefined && { text }),
    ...(regex !== undefined && { regex }),
    ...(json.path !== undefined &&
      json.value !== undefined && { json: { path: json.path.split('.'), value: json.value } }),
    ...(size.least !== undefined && { leastBytes: size.least }),
    ...(size.most !== undefined && { mostBytes: size.most }),
  }
  return Object.keys(answer).length === 0 ? undefined : answer
}

/** Undefined for a plain GET: it is the check that costs least. */
function readHttp(
  health: Parsed,
  { path, upstreamVersion }: HealthContext,
  report: Report,
): HttpCheckSpec | undefined {
  const { method, version = upstreamVersion, host, redirects } = health
  const headers = readHeaders(health.headers ?? {}, [...path, 'headers'], report)
  const authorization = readAuthorization(health.authorization, [...path, 'authorization'], report)
  const isPlain =
    method === 'GET' &&
    version === '1.1' &&
    host === undefined &&
    headers.length === 0 &&
    authorization === null &&
    redirects === 0
  return isPlain ? undefined : { method, version, host: host ?? null, headers, authorization, redirects }
}

function readHeaders(
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  report: Report,
): HttpCheckSpec['headers'] {
  return Object.entries(raw).flatMap(([name, value]) => {
    const at = [...path, name]
    if (!HEADER_NAME.test(name)) report.unknownKey(at, 'expected the name of a header')
    else if (OWN_HEADERS.includes(name.toLowerCase())) {
      report.unknownKey(
        at,
        name.toLowerCase() === 'host' ? 'expected health.host' : 'the check sets it itself',
      )
    } else if ((typeof value === 'string' || typeof value === 'number') && HEADER_VALUE.test(String(value))) {
      return [[name, String(value)] as const]
    } else report.expected(at, 'text of at most 4000 printable characters')
    return []
  })
}

function readAuthorization(
  { user, password, bearer }: Parsed['authorization'],
  path: Path,
  report: Report,
): AuthorizationSpec | null {
  if (bearer !== undefined) {
    if (user !== undefined || password !== undefined)
      report.error(path, 'expected user and password, or bearer')
    return { bearer }
  }
  if (user !== undefined && password !== undefined) return { user, password }
  if (user !== undefined || password !== undefined) {
    report.error(path, 'has one of user and password; expected both')
  }
  return null
}

/** Left out, what is said of the traffic counts. */
function readTls(
  tls: Parsed['tls'],
  type: HealthType,
  { path, files, upstreamTls }: HealthContext,
  report: Report,
): ServerTlsSpec | undefined {
  const at = [...path, 'tls']
  if (!report.has(at)) return upstreamTls
  if (type !== 'grpc' && tls.enabled === false) {
    const plain = type === 'https' ? 'http' : 'tcp'
    report.error([...at, 'enabled'], `a ${type} check is always encrypted; expected type: ${plain}`)
  }
  return readServerTls(tls, { path: at, isSet: true, files }, report)
}
