import type * as z from 'zod'
import type { MemberSpec, PoolSpec, Protocol } from '../core/balancer.ts'
import { readAttempts } from './attempts.ts'
import type { Path } from './document.ts'
import type { Entry } from './entries.ts'
import { checkReference } from './entries.ts'
import { readHealth } from './health.ts'
import { keepAliveOf } from './keep-alive-schema.ts'
import { parsePart } from './parse.ts'
import { POOL, SERVER } from './pool-schema.ts'
import type { Report } from './report.ts'
import { readSpread } from './spread.ts'
import { readServerTls, type TlsFiles } from './tls.ts'

export interface PoolContext {
  readonly fleets: readonly string[]
  /** The protocols of the listeners that send to this pool. */
  readonly protocols: ReadonlySet<Protocol>
  readonly files: TlsFiles
  /** Servers are spoken to in TLS unless the pool says otherwise. */
  readonly encrypted: boolean
  /** Of our own gateway. */
  readonly isOurs: boolean
}

type Parsed = z.output<typeof POOL>

/** One pool; null when it cannot be made out. */
export function readPool(entry: Entry, context: PoolContext, report: Report): PoolSpec | null {
  const parsed = parsePart(POOL, entry.raw, entry.path, report)
  if (!parsed) return null
  const { name, path } = entry
  const proxyProtocol = parsed.upstream['proxy-protocol']
  if (proxyProtocol !== 'none' && context.protocols.has('udp')) {
    const at = [...path, 'upstream', 'proxy-protocol']
    report.error(at, 'a udp listener sends to this pool, and datagrams have no header')
  }
  if (proxyProtocol !== 'none' && parsed.upstream.protocol === 'http2') {
    const at = [...path, 'upstream', 'proxy-protocol']
    report.error(at, 'connections of http2 are shared, and its header would name one client for all')
  }
  const fleets = readFleets(parsed, path, context.fleets, report)
  const servers = readServers(parsed.servers ?? [], [...path, 'servers'], report)
  if (fleets.length === 0 && (parsed.servers ?? []).length === 0) {
    report.error(path, 'it has no servers; expected servers, fleet or both')
  }
  // Listeners of others may be configured elsewhere.
  if (context.isOurs && context.protocols.size === 0)
    report.warn(path, 'no listener sends anything to this pool')
  const tlsPath = [...path, 'upstream', 'tls']
  const about = {
    path: tlsPath,
    isSet: context.encrypted || report.has(tlsPath),
    files: context.files,
  }
  const tls = readServerTls(parsed.upstream.tls, about, report)
  return {
    name,
    algorithm: parsed.algorithm,
    ...readSpread(parsed),
    health: readHealth(
      parsed.health,
      {
        path: [...path, 'health'],
        protocols: context.protocols,
        files: context.files,
        upstreamTls: tls,
        upstreamVersion: parsed.upstream.protocol === 'http2' ? '2' : '1.1',
      },
      report,
    ),
    slowStartMs: parsed['slow-start'],
    upstream: {
      connectMs: parsed.upstream.connect,
      idleMs: parsed.upstream.idle,
      maxConnections: parsed.upstream.connections,
      maxPending: parsed.upstream.pending,
      keepAlive: keepAliveOf(parsed.upstream['keep-alive']),
      ...(proxyProtocol === 'none' ? {} : { proxyProtocol }),
      ...(parsed.upstream.protocol === 'http2' && { protocol: 'http2' }),
      ...(tls && { tls }),
    },
    retries: parsed.retries,
    ...readAttempts(parsed, path, report),
    servers,
    fleets,
  }
}

function readServers(items: readonly unknown[], path: Path, report: Report): readonly MemberSpec[] {
  const firstAt = new Map<string, number>()
  return items.flatMap((raw, index) => {
    const parsed = parsePart(SERVER, raw, [...path, index], report)
    if (!parsed) return []
    const id = parsed.address.toLowerCase()
    const first = firstAt.get(id)
    if (first === undefined) firstAt.set(id, index)
    else {
      const line = report.line([...path, first, 'address'])
      report.error(
        [...path, index, 'address'],
        `${parsed.address} is in this pool twice, first on line ${line}`,
      )
    }
    return [{ id, address: id, weight: parsed.weight }]
  })
}

function readFleets(
  { fleet }: Parsed,
  path: Path,
  known: readonly string[],
  report: Report,
): readonly string[] {
  if (fleet === undefined) return []
  const single = typeof fleet === 'string'
  const names = single ? [fleet] : fleet
  names.forEach((name, index) => {
    const at = single ? [...path, 'fleet'] : [...path, 'fleet', index]
    checkReference('fleet', name, { path: at, known }, report)
    if (names.indexOf(name) < index) report.error(at, `${name} is here twice`)
  })
  return names
}
