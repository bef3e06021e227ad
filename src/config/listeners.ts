import type * as z from 'zod'
import type { ListenerLimits, ListenerSpec } from '../core/balancer.ts'
import { TRUSTED_HEADERS } from '../core/trust.ts'
import type { Path } from './document.ts'
import type { Entry } from './entries.ts'
import { checkReference } from './entries.ts'
import { keepAliveOf } from './keep-alive-schema.ts'
import { LISTENER, TCP_LIMITS } from './listener-schema.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'
import { readNetworks } from './rule-match.ts'
import { readRules } from './rules.ts'
import { didYouMean } from './suggest.ts'

const LATER_PROTOCOLS = ['https', 'tls', 'udp']

type Parsed = z.output<typeof LISTENER>

/** One listener; null when it cannot be made out. */
export function readListener(entry: Entry, pools: readonly string[], report: Report): ListenerSpec | null {
  const parsed = parsePart(LISTENER, entry.raw, entry.path, report)
  if (!parsed) return null
  const { path } = entry
  const at = { path: [...path, 'pool'], known: pools }
  if (parsed.pool !== undefined) checkReference('pool', parsed.pool, at, report)
  const protocol = readProtocol(parsed.protocol, path, report)
  const rules = readRules(parsed.rules ?? [], [...path, 'rules'], pools, report)
  if (protocol === 'tcp') checkTcp(parsed, entry, report)
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
  }
}

function readProtocol(word: string, path: Path, report: Report): 'http' | 'tcp' {
  if (word === 'http' || word === 'tcp') return word
  const at = [...path, 'protocol']
  if (LATER_PROTOCOLS.includes(word)) report.error(at, `${word} is not in this version; expected http or tcp`)
  else report.expected(at, 'http or tcp', didYouMean(word, ['http', 'tcp']))
  return 'http'
}

function checkTcp(parsed: Parsed, { raw, path }: Entry, report: Report): void {
  if (parsed.rules !== undefined) {
    report.error(
      [...path, 'rules'],
      'a tcp listener sees no hosts and paths, so it has no rules; expected only pool',
    )
  }
  if (parsed.pool === undefined) report.error(path, 'a tcp listener needs a pool')
  if (parsed['trusted-proxies'] !== undefined) {
    report.warn([...path, 'trusted-proxies'], 'has no effect on tcp, where nobody names a client')
  }
  const { limits } = raw as { readonly limits?: object }
  for (const key of Object.keys(limits ?? {})) {
    if (TCP_LIMITS.includes(key) || !Object.hasOwn(parsed.limits, key)) continue
    report.warn(
      [...path, 'limits', key],
      `has no effect on tcp; a tcp listener knows ${TCP_LIMITS.join(' and ')}`,
    )
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

function limitsOf(limits: Parsed['limits']): ListenerLimits {
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
  }
}
