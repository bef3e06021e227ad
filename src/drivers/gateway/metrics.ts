import type { GatewayStats, PoolStats } from '../../core/control.ts'
import { messageOf } from '../../core/fault.ts'
import { latencyQuantile } from '../../core/latency.ts'
import type { MetricQuery, MetricSource, Reading } from '../../core/metrics.ts'
import type { Millis } from '../../core/time.ts'

type ReadStats = (windowMs: Millis, signal: AbortSignal) => Promise<GatewayStats>

/** The traffic's metrics, all from one call for the gateway's statistics. When it fails, they are dated by its last answer; 0 = none. */
export function gatewayMetrics(stats: ReadStats): MetricSource {
  let answeredAt = 0
  return {
    async read(queries, windowMs, signal) {
      try {
        const read = await stats(windowMs, signal)
        answeredAt = read.at
        return queries.map((query) => readingOf(query, read))
      } catch (error) {
        const reading: Reading = { ok: false, at: answeredAt, why: 'unreachable', detail: messageOf(error) }
        return queries.map(() => reading)
      }
    },
  }
}

export function readingOf(query: MetricQuery, stats: GatewayStats): Reading {
  const pools = stats.pools.filter((pool) => query.pools.includes(pool.name))
  const missing = query.pools.find((name) => !pools.some((pool) => pool.name === name))
  if (missing !== undefined) return noData(stats, `the gateway has no pool ${missing} yet`)
  if (stats.windowMs <= 0) return noData(stats, 'the gateway has only just started')
  switch (query.metric) {
    case 'rps':
      return sample(stats, sum(pools, rpsOf))
    case 'in-flight':
      return sample(stats, sum(pools, inFlightOf))
    case 'connections':
      return sample(stats, connectionsOf(pools))
    case 'rps-per-server':
      return perServer(query, stats, sum(pools, rpsOf))
    case 'in-flight-per-server':
      return perServer(query, stats, sum(pools, inFlightOf))
    case 'connections-per-server':
      return perServer(query, stats, connectionsOf(pools))
    case 'p50':
      return latency(stats, pools, 0.5)
    case 'p95':
      return latency(stats, pools, 0.95)
    case 'p99':
      return latency(stats, pools, 0.99)
    case 'error-rate':
      return errorRate(stats, pools)
    case 'throughput':
      return sample(
        stats,
        perSecond(
          stats,
          sum(pools, ({ recent }) => recent.ended - recent.errors),
        ),
      )
    case 'bandwidth':
      return sample(stats, bitsPerSecond(stats, pools))
    case 'bandwidth-free':
      return bandwidthFree(stats)
    default:
      return noData(stats, `the gateway does not measure ${query.metric}`)
  }
}

function rpsOf(pool: PoolStats): number {
  return pool.rps
}

function inFlightOf(pool: PoolStats): number {
  return pool.meanInFlight
}

function sum(pools: readonly PoolStats[], of: (pool: PoolStats) => number): number {
  return pools.reduce((total, pool) => total + of(pool), 0)
}

/** A server's connections are counted once, also when it is in several pools. */
function connectionsOf(pools: readonly PoolStats[]): number {
  const byServer = new Map(
    pools.flatMap((pool) => pool.members.map((m) => [m.id, m.meanConnections] as const)),
  )
  return [...byServer.values()].reduce((total, connections) => total + connections, 0)
}

function latency(stats: GatewayStats, pools: readonly PoolStats[], q: number): Reading {
  const counts = pools.reduce<number[]>(
    (total, { recent }) => recent.latency.map((count, bucket) => count + (total[bucket] ?? 0)),
    [],
  )
  const value = latencyQuantile(counts, q)
  return value === null ? withoutAnswers(stats, pools) : sample(stats, value)
}

function errorRate(stats: GatewayStats, pools: readonly PoolStats[]): Reading {
  const ended = sum(pools, ({ recent }) => recent.ended)
  if (ended === 0) return withoutAnswers(stats, pools)
  return sample(stats, sum(pools, ({ recent }) => recent.errors) / ended)
}

/** Requests that nobody answers may be the worst of all: only where there is none, nothing is missing. */
function withoutAnswers(stats: GatewayStats, pools: readonly PoolStats[]): Reading {
  if (sum(pools, inFlightOf) > 0) return noData(stats, 'no request was answered in the window')
  return { ok: false, at: stats.at, why: 'idle', detail: 'no request in the window' }
}

function bandwidthFree(stats: GatewayStats): Reading {
  if (stats.bandwidthBps === null) return noData(stats, 'gateway.bandwidth is not set')
  return sample(stats, Math.max(0, stats.bandwidthBps - bitsPerSecond(stats, stats.pools)))
}

function bitsPerSecond(stats: GatewayStats, pools: readonly PoolStats[]): number {
  return perSecond(stats, 8 * sum(pools, ({ recent }) => recent.sentToClients))
}

function perSecond({ windowMs }: GatewayStats, count: number): number {
  return (1000 * count) / windowMs
}

function perServer(query: MetricQuery, stats: GatewayStats, total: number): Reading {
  const servers = query.servers.length
  return servers === 0 ? noData(stats, 'no server is serving') : sample(stats, total / servers)
}

function sample(stats: GatewayStats, value: number): Reading {
  return { ok: true, sample: { value, at: stats.at } }
}

function noData(stats: GatewayStats, detail: string): Reading {
  return { ok: false, at: stats.at, why: 'no-data', detail }
}
