import type * as z from 'zod'
import { isHttp, type ListenerLimits, type ListenerSpec } from '../core/balancer.ts'
import type { RuleSpec } from '../core/rule.ts'
import { TRUSTED_HEADERS } from '../core/trust.ts'
import type { Path } from './document.ts'
import type { Entry } from './entries.ts'
import { checkReference } from './entries.ts'
import { http2Of } from './http2-schema.ts'
import { keepAliveOf } from './keep-alive-schema.ts'
import { LISTENER, TCP_LIMITS } from './listener-schema.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'
import { readNetworks } from './rule-match.ts'
import { readRules } from './rules.ts'
import { readListenerTls, type TlsFiles } from './tls.ts'

type Parsed = z.output<typeof LISTENER>

export interface ListenerContext {
  readonly pools: readonly string[]
  readonly files: TlsFiles
}

/** One listener; null when it cannot be made out. */
export function readListener(entry: Entry, about: ListenerContext, report: Report): ListenerSpec | null {
  const parsed = parsePart(LISTENER, entry.raw, entry.path, report)
  if (!parsed) return null
  const { path } = entry
  const { pools, files } = about
  const at = { path: [...path, 'pool'], known: pools }
  if (parsed.pool !== undefined) checkReference('pool', parsed.pool, at, report)
  const { protocol } = parsed
  const rules = readRules(parsed.rules ?? [], [...path, 'rules'], pools, report)
  const bare = { path: [...path, 'tls'], files }
  const tls = readListenerTls(parsed.tls, protocol, bare, report)
  if (isHttp(protocol) && tls?.clientCertificate === undefined) checkNoCertificates(rules, path, report)
  if (!isHttp(protocol)) checkTcp(parsed, rules, entry, report)
  else if (parsed.pool === undefined && (parsed.rules ?? []).length === 0) {
    report.error(path, 'it sends traffic nowhere; expected rules, pool or both')
  }
  return {
    name: entry.name,
    bind: parsed.bind,
    protocol,
    rules,
    pool: parsed.pool ?? null,
    ...trustOf(parsed, path, report),
    ...proxiedOf(parsed, path, report),
    limits: limitsOf(parsed.limits),
    keepAlive: keepAliveOf(parsed['keep-alive']),
    ...(tls && { tls }),
    ...http2Of(parsed.http2),
  }
}

function checkTcp(parsed: Parsed, rules: readonly RuleSpec[], { raw, path }: Entry, report: Report): void {
  const { protocol } = parsed
  if (protocol === 'tls') checkNames(rules, path, report)
  else if (parsed.rules !== undefined) {
    report.error(
      [...path, 'rules'],
      `a ${protocol} listener sees no hosts and paths, so it has no rules; expected only pool`,
    )
  }
  if (parsed.pool === undefined && rules.length === 0)
    report.error(path, `a ${protocol} listener needs a pool`)
  const isProxied = parsed['proxy-protocol'] !== 'none'
  if (protocol === 'udp') checkUdp(parsed, { raw, path }, report)
  else if (parsed['trusted-proxies'] !== undefined && !isProxied) {
    report.warn([...path, 'trusted-proxies'], `has no effect on ${protocol}, where nobody names a client`)
  }
  const { limits, http2 } = raw as { readonly limits?: object; readonly http2?: unknown }
  if (http2 !== undefined) report.warn([...path, 'http2'], `has no effect on ${protocol}`)
  for (const key of Object.keys(limits ?? {})) {
    if (TCP_LIMITS.includes(key) || !Object.hasOwn(parsed.limits, key)) continue
    report.warn(
      [...path, 'limits', key],
      `has no effect on ${protocol}; a ${protocol} listener knows ${TCP_LIMITS.join(', ')}`,
    )
  }
}

/** Datagrams begin nothing, and nobody stays on a line. */
function checkUdp(parsed: Parsed, { raw, path }: Pick<Entry, 'raw' | 'path'>, report: Report): void {
  if (parsed['proxy-protocol'] !== 'none')
    report.error([...path, 'proxy-protocol'], 'a udp listener has no connections that a header could begin')
  for (const key of ['keep-alive', 'trusted-proxies'] as const) {
    if (Object.hasOwn(raw as object, key)) report.warn([...path, key], 'has no effect on udp')
  }
}

/** Who is believed; nothing when the file does not say. */
function trustOf(parsed: Parsed, path: Path, report: Report): Pick<ListenerSpec, 'trust'> {
  const written = parsed['trusted-proxies']
  if (written === undefined) {
    if (parsed['trusted-header'] !== TRUSTED_HEADERS[0]) {
      report.warn([...path, 'trusted-header'], 'has no effect without trusted-proxies')
    }
    return {}
  }
  const networks = written === 'none' ? [] : readNetworks(written, [...path, 'trusted-proxies'], report)
  return { trust: { networks: networks ?? [], header: parsed['trusted-header'] } }
}

function proxiedOf(parsed: Parsed, path: Path, report: Report): Pick<ListenerSpec, 'proxyProtocol'> {
  if (parsed['proxy-protocol'] === 'none') return {}
  if (parsed['trusted-proxies'] === undefined) {
    report.warn(
      [...path, 'proxy-protocol'],
      'whoever reaches this listener can say to be any client; name the proxies in trusted-proxies',
    )
  }
  return { proxyProtocol: 'required' }
}

/** All that is known of a connection is the name that its client asks for. */
function checkNames(rules: readonly RuleSpec[], path: Path, report: Report): void {
  rules.forEach((rule, index) => {
    const keys = Object.keys(rule.match)
    const at = [...path, 'rules', index]
    if (keys.length !== 1 || keys[0] !== 'host') {
      const message = 'a tls listener knows only host of a connection; expected match: { host: ... }'
      report.error([...at, 'match'], message)
    }
    if (rule.action.kind === 'pool' && !rule.rewrite && !rule.request && !rule.response) return
    report.error(at, 'a tls listener reads no requests; expected only match and pool')
  })
}

/** A rule that waits for what no client is asked for would never match. */
function checkNoCertificates(rules: readonly RuleSpec[], path: Path, report: Report): void {
  rules.forEach(({ match }, index) => {
    if (match.clientCertificate === undefined) return
    report.error(
      [...path, 'rules', index, 'match', 'client-certificate'],
      'this listener asks no client for a certificate; expected tls: { client-certificate: { ca: ... } } too',
    )
  })
}

function limitsOf(limits: Parsed['limits']): ListenerLimits {
  const perSource = limits['connections-per-source']
  return {
    headerBytes: limits.header,
    headerCount: limits.headers,
    bodyBytes: limits.body,
    firstByteMs: limits['first-byte'],
    headerMs: limits['header-time'],
    idleMs: limits.idle,
    bodyMs: limits['body-time'],
    responseMs: limits.response,
    connections: limits.connections,
    ...(perSource === null ? {} : { connectionsPerSource: perSource }),
  }
}
