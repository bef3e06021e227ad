import type * as z from 'zod'
import type { ListenerLimits, ListenerSpec, RuleSpec } from '../core/balancer.ts'
import type { Path } from './document.ts'
import type { Entry } from './entries.ts'
import { checkReference } from './entries.ts'
import { LISTENER, RULE, TCP_LIMITS } from './listener-schema.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'
import { covers } from './rules.ts'
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
    limits: limitsOf(parsed.limits),
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
  const { limits } = raw as { readonly limits?: object }
  for (const key of Object.keys(limits ?? {})) {
    if (TCP_LIMITS.includes(key) || !Object.hasOwn(parsed.limits, key)) continue
    report.warn(
      [...path, 'limits', key],
      `has no effect on tcp; a tcp listener knows ${TCP_LIMITS.join(' and ')}`,
    )
  }
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

function readRules(
  items: readonly unknown[],
  path: Path,
  pools: readonly string[],
  report: Report,
): readonly RuleSpec[] {
  const rules: { readonly rule: RuleSpec; readonly index: number }[] = []
  items.forEach((raw, index) => {
    const at = [...path, index]
    const parsed = parsePart(RULE, raw, at, report)
    if (!parsed) return
    const { host, path: pattern } = parsed.match
    const rule: RuleSpec = {
      ...(host === undefined ? {} : { host: host.toLowerCase() }),
      ...(pattern === undefined ? {} : { path: pattern }),
      pool: parsed.pool,
    }
    checkReference('pool', rule.pool, { path: [...at, 'pool'], known: pools }, report)
    const earlier = rules.find((other) => covers(other.rule, rule))
    if (earlier) {
      const line = report.line([...path, earlier.index])
      report.error(
        at,
        `can never match: rule ${earlier.index + 1} (line ${line}) takes everything that it would`,
      )
    }
    rules.push({ rule, index })
  })
  return rules.map(({ rule }) => rule)
}
