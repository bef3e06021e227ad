import type { Algorithm } from '../../../core/algorithm.ts'
import type { PoolSpec } from '../../../core/balancer.ts'
import type { HealthSpec, HealthType } from '../../../core/health.ts'
import { statusClasses } from '../balancer/checks.ts'
import { drainSeconds } from '../balancer/drain.ts'
import type { Parameters } from '../client/parameters.ts'

/** How ALB calls what it can of our algorithms. Its `Uch` hashes one parameter of the query, and not the URI. */
export const SCHEDULERS: Partial<Readonly<Record<Algorithm, string>>> = {
  'round-robin': 'Wrr',
  'least-connections': 'Wlc',
  'source-hash': 'Sch',
}

/** And of our checks. */
export const CHECKS: Partial<Readonly<Record<HealthType, string>>> = {
  http: 'HTTP',
  https: 'HTTPS',
  tcp: 'TCP',
  grpc: 'gRPC',
}

/** Of slow start, in seconds. */
const SLOWEST_S = 900
const FASTEST_S = 30

/** The settings of a group for a pool that `albRefuses` has not refused, by the names of CreateServerGroup and ListServerGroups. Pure. */
export function groupSettings(pool: PoolSpec, edition: string): Parameters {
  const isSlow = startsSlowly(pool, edition)
  return {
    Scheduler: SCHEDULERS[pool.algorithm],
    HealthCheckConfig: checks(pool.health),
    ...(isWhole(edition) && {
      // Whoever has not ended by then what it holds cannot come back before.
      ConnectionDrainConfig: { ConnectionDrainEnabled: true, ConnectionDrainTimeout: drainSeconds(pool, 0) },
      SlowStartConfig: {
        SlowStartEnabled: isSlow,
        ...(isSlow && { SlowStartDuration: pool.slowStartMs / 1000 }),
      },
    }),
  }
}

/** Does the cloud itself let new members start slowly? */
function startsSlowly({ slowStartMs, algorithm }: PoolSpec, edition: string): boolean {
  const seconds = slowStartMs / 1000
  const isInRange = Number.isInteger(seconds) && seconds >= FASTEST_S && seconds <= SLOWEST_S
  return isWhole(edition) && algorithm === 'round-robin' && isInRange
}

/** Basic has neither draining nor slow start. */
function isWhole(edition: string): boolean {
  return edition !== 'Basic'
}

function checks(health: HealthSpec): Parameters {
  const isOfHttp = health.type === 'http' || health.type === 'https'
  return {
    HealthCheckEnabled: true,
    HealthCheckProtocol: CHECKS[health.type],
    HealthCheckConnectPort: health.port ?? 0,
    HealthCheckInterval: health.intervalMs / 1000,
    HealthCheckTimeout: health.timeoutMs / 1000,
    HealthyThreshold: health.healthy,
    UnhealthyThreshold: health.unhealthy,
    ...(isOfHttp && {
      HealthCheckPath: health.path,
      HealthCheckMethod: health.http?.method ?? 'GET',
      HealthCheckCodes: statusClasses(health),
      HealthCheckHost: health.http?.host ?? undefined,
    }),
    // The status of gRPC is judged, not what the answer says.
    ...(health.type === 'grpc' && { HealthCheckCodes: ['0'] }),
  }
}
