import type { GatewayStats, PoolStats } from '../../core/control.ts'
import { messageOf } from '../../core/fault.ts'
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
