import type { FleetStatus, PoolStatus } from '../core/admin.ts'
import { ALERTS } from '../core/alerts.ts'
import type { MemberState } from '../core/balancer.ts'
import type { GatewayStats, MemberStats, PoolStats } from '../core/control.ts'
import { LATENCY_BOUNDS_MS } from '../core/latency.ts'
import type { ServerState } from '../core/scaling.ts'
import { CANARY_FAMILIES } from './canary-metrics.ts'
import { COST_FAMILIES } from './cost-metrics.ts'
import { LEARNED_FAMILIES } from './learned-metrics.ts'
import type { Family, Scrape } from './metric-family.ts'
import { OTHER_FAMILIES } from './other-metrics.ts'
import { TLS_FAMILIES } from './tls-metrics.ts'
import { TUNING_FAMILIES } from './tuning-metrics.ts'

const MEMBER_STATES = [
  'checking',
  'healthy',
  'unhealthy',
  'ejected',
  'draining',
  'gone',
] as const satisfies readonly MemberState[]

const SERVER_STATES = [
  'launching',
  'starting',
  'checking',
  'serving',
  'draining',
  'retiring',
  'failed',
] as const satisfies readonly ServerState[]

/** The gateway's own buckets are four times as many: a page for a thousand members would drown in them. */
const SHOWN_BOUNDS_MS = LATENCY_BOUNDS_MS.filter((ms) => ms >= 1 && Number.isInteger(Math.log2(ms)))

/** Answers that took more than `from` and at most `to`, both bounds of the gateway's buckets. */
function countBetween(latency: readonly number[], from: number, to: number): number {
  return latency.reduce((sum, count, bucket) => {
    const bound = LATENCY_BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY
    return bound > from && bound <= to ? sum + count : sum
  }, 0)
}

/** Every metric of /metrics. Docs and dashboards follow this one table. */
export const FAMILIES: readonly Family[] = [
  {
    name: 'tidegate_build_info',
    type: 'gauge',
    help: 'Always 1; the label is the version of the controller.',
    read: ({ about }) => [{ labels: { version: about.version }, value: 1 }],
  },
  gauge('tidegate_ready', '1 when every loop has seen its world.', ({ ready }) => Number(ready)),
  gauge('tidegate_gateway_up', '1 when the gateway answers.', ({ stats }) => Number(stats !== null)),
  {
    name: 'tidegate_history_dropped_samples',
    type: 'counter',
    help: 'Samples that the history could not keep: its disk is too slow, or there are too many series.',
    read: ({ historyDropped }) => [{ labels: {}, value: historyDropped }],
  },
  {
    name: 'tidegate_gateway_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the gateway process.',
    read: ({ stats }) => (stats ? [{ labels: {}, value: stats.rssBytes }] : []),
  },

  {
    name: 'tidegate_gateway_bandwidth_bits_per_second',
    type: 'gauge',
    help: 'What the line to the clients carries, by the configuration.',
    read: ({ stats }) =>
      typeof stats?.bandwidthBps === 'number' ? [{ labels: {}, value: stats.bandwidthBps }] : [],
  },

  byListener('tidegate_listener_connections', 'gauge', 'Open client connections.', (l) => l.connections),
  byListener('tidegate_listener_accepted', 'counter', 'Client connections accepted.', (l) => l.accepted),
  byListener(
    'tidegate_listener_rejected',
    'counter',
    'Requests refused before any pool saw them.',
    (l) => l.rejected,
  ),
  byListener('tidegate_listener_cached', 'counter', 'Requests answered from a cache.', (l) => l.cached),
  ...TLS_FAMILIES,

  byClass(
    'tidegate_class_requests',
    'Requests of the traffic class, or of one side of a canary, that have ended.',
    (c) => c.requests,
  ),
  byClass('tidegate_class_errors', 'Of these, 5xx or broken off.', (c) => c.errors),
  byClass('tidegate_class_sent_bytes', 'Bytes sent to clients.', (c) => c.sentToClients),
  byClass('tidegate_class_seconds', 'Time from head to end, all requests together.', (c) => c.sumMs / 1000),
  ...CANARY_FAMILIES,

  byPool(
    'tidegate_pool_requests',
    'counter',
    'Requests that a rule sent to the pool, answered or not.',
    (p) => p.requests,
  ),
  byPool(
    'tidegate_pool_refused',
    'counter',
    'Answers that the gateway itself gave: no server, timeouts.',
    (p) => p.refused,
  ),
  byPool('tidegate_pool_retries', 'counter', 'Further attempts on another server.', (p) => p.retries),
  byPool('tidegate_pool_ended', 'counter', 'Requests answered, or broken off in the answer.', (p) => p.ended),
  byPool(
    'tidegate_pool_errors',
    'counter',
    'Of those that ended, answers of 500 and above, whoever gave them, and those broken off.',
    (p) => p.errors,
  ),
  byPool(
    'tidegate_pool_sent_bytes',
    'counter',
    'Bytes sent to clients, headers and tunnels included.',
    (p) => p.sentToClients,
  ),
  byPool('tidegate_pool_panic', 'gauge', '1 while too few members are healthy and all are used.', (p) =>
    Number(p.panic),
  ),

  byServer(
    'tidegate_server_requests',
    'counter',
    'Requests (http) or connections (tcp) sent to the server.',
    (m) => m.requests,
  ),
  {
    name: 'tidegate_server_responses',
    type: 'counter',
    help: 'Answers of the server by status class.',
    read: (scrape) =>
      membersOf(scrape).flatMap(({ labels, member }) =>
        member.statuses.map((value, index) => ({ labels: { ...labels, class: `${index + 1}xx` }, value })),
      ),
  },
  byServer(
    'tidegate_server_failures',
    'counter',
    'Attempts that ended without an answer.',
    (m) => m.failures,
  ),
  byServer(
    'tidegate_server_connect_failures',
    'counter',
    'Connections that could not be opened.',
    (m) => m.connectFailures,
  ),
  byServer(
    'tidegate_server_in_flight',
    'gauge',
    'Requests (http) or connections (tcp) in flight.',
    (m) => m.inFlight,
  ),
  byServer('tidegate_server_connections', 'gauge', 'Open connections, idle ones too.', (m) => m.connections),
  byServer('tidegate_server_connections_opened', 'counter', 'Connections opened.', (m) => m.opened),
  byServer(
    'tidegate_server_connections_reused',
    'counter',
    'Requests sent on a connection that was open.',
    (m) => m.reused,
  ),
  byServer('tidegate_server_sent_bytes', 'counter', 'Bytes sent to the server.', (m) => m.bytesSent),
  byServer(
    'tidegate_server_received_bytes',
    'counter',
    'Bytes received from the server.',
    (m) => m.bytesReceived,
  ),
  {
    name: 'tidegate_server_latency_seconds',
    type: 'histogram',
    help: 'Time from a request sent to its answer.',
    bounds: SHOWN_BOUNDS_MS.map((ms) => ms / 1000),
    read: (scrape) =>
      membersOf(scrape).map(({ labels, member }) => ({
        labels,
        counts: SHOWN_BOUNDS_MS.map((bound, index) =>
          countBetween(member.latency, SHOWN_BOUNDS_MS[index - 1] ?? 0, bound),
        ).concat(member.latency.at(-1) ?? 0),
        sum: member.latencySumMs / 1000,
      })),
  },

  byMember('tidegate_member_weight', 'Configured weight; 0 drains.', (m) => m.weight),
  byMember(
    'tidegate_member_effective_weight',
    'Weight in force after slow start, ejection and panic.',
    (m) => m.effectiveWeight,
  ),
  {
    name: 'tidegate_member_state',
    type: 'gauge',
    help: '1 for the state that the member is in, 0 for the others.',
    read: ({ pools }) =>
      pools.flatMap((pool) =>
        pool.members.flatMap((member) =>
          MEMBER_STATES.map((state) => ({
            labels: { pool: pool.name, server: member.id, state },
            value: Number(member.state === state),
          })),
        ),
      ),
  },

  byFleet('tidegate_fleet_min', 'Fewest servers that policies may want.', (f) => f.min),
  byFleet('tidegate_fleet_max', 'Most servers that policies may want.', (f) => f.max),
  byFleet('tidegate_fleet_desired', 'Servers that the last decision wants.', (f) => f.desired),
  byFleet('tidegate_fleet_actual', 'Servers that exist, but for retiring and failed ones.', (f) => f.actual),
  byFleet('tidegate_fleet_ready', 'Servers that serve in every pool of the fleet.', (f) => f.ready),
  byFleet('tidegate_fleet_reserve', 'Servers that are kept beyond what is wanted.', (f) => f.reserve),
  byFleet('tidegate_fleet_kept', 'Servers that are stopped and kept for later launches.', (f) => f.kept),
  byFleet('tidegate_fleet_blind', '1 when the last tick could not see its world and changed nothing.', (f) =>
    Number(f.blind !== null),
  ),
  byFleet(
    'tidegate_fleet_last_tick_timestamp_seconds',
    'When the fleet was last looked at.',
    (f) => f.lastTickAt / 1000,
  ),
  ...COST_FAMILIES,
  {
    name: 'tidegate_fleet_reading',
    type: 'gauge',
    help: 'What the last tick read of each metric that it could read, those of the file among them, in its base unit.',
    read: ({ fleets }) =>
      fleets.flatMap((fleet) =>
        Object.entries(fleet.readings).flatMap(([metric, reading]) =>
          reading.ok ? [{ labels: { fleet: fleet.name, metric }, value: reading.sample.value }] : [],
        ),
      ),
  },
  ...OTHER_FAMILIES,
  {
    name: 'tidegate_alert',
    type: 'gauge',
    help: '1 while the alert is raised, else 0.',
    read: ({ fleets }) =>
      fleets.flatMap(({ name: fleet, alerts }) =>
        Object.keys(ALERTS).map((alert) => ({
          labels: { fleet, alert },
          value: Number(alerts.some(({ name }) => name === alert)),
        })),
      ),
  },
  ...LEARNED_FAMILIES,
  ...TUNING_FAMILIES,
  {
    name: 'tidegate_fleet_exits',
    type: 'counter',
    help: 'Servers that ended by themselves, by exit code, signal or want of memory.',
    read: ({ fleets }) =>
      fleets.flatMap((fleet) =>
        fleet.exits.map(({ reason, count }) => ({ labels: { fleet: fleet.name, reason }, value: count })),
      ),
  },
  {
    name: 'tidegate_fleet_servers',
    type: 'gauge',
    help: 'Servers by state.',
    read: ({ fleets }) =>
      fleets.flatMap((fleet) =>
        SERVER_STATES.map((state) => ({
          labels: { fleet: fleet.name, state },
          value: fleet.servers.filter((server) => server.state === state).length,
        })),
      ),
  },
]

/** The last of the page, as it tells of all others. */
export const DROPPED: Family = gauge(
  'tidegate_metrics_dropped_series',
  'Series that this page leaves out, to bound it: at most 1000 members and 50,000 series are shown.',
  ({ dropped }) => dropped,
)

function gauge(name: string, help: string, value: (scrape: Scrape) => number): Family {
  return { name, type: 'gauge', help, read: (scrape) => [{ labels: {}, value: value(scrape) }] }
}

type Scalar = 'gauge' | 'counter'

function byListener(
  name: string,
  type: Scalar,
  help: string,
  value: (listener: GatewayStats['listeners'][number]) => number,
): Family {
  const read = ({ stats }: Scrape) =>
    (stats?.listeners ?? []).map((listener) => ({
      labels: { listener: listener.name },
      value: value(listener),
    }))
  return { name, type, help, read }
}

function byClass(
  name: string,
  help: string,
  value: (trafficClass: GatewayStats['classes'][number]) => number,
): Family {
  const read = ({ stats }: Scrape) =>
    (stats?.classes ?? []).map((one) => ({ labels: { class: one.name }, value: value(one) }))
  return { name, type: 'counter', help, read }
}

function byPool(name: string, type: Scalar, help: string, value: (pool: PoolStats) => number): Family {
  const read = ({ stats }: Scrape) =>
    (stats?.pools ?? []).map((pool) => ({ labels: { pool: pool.name }, value: value(pool) }))
  return { name, type, help, read }
}

function byServer(name: string, type: Scalar, help: string, value: (member: MemberStats) => number): Family {
  const read = (scrape: Scrape) =>
    membersOf(scrape).map(({ labels, member }) => ({ labels, value: value(member) }))
  return { name, type, help, read }
}

function membersOf({ stats }: Scrape) {
  return (stats?.pools ?? []).flatMap((pool) =>
    pool.members.map((member) => ({ labels: { pool: pool.name, server: member.id }, member })),
  )
}

function byMember(
  name: string,
  help: string,
  value: (member: PoolStatus['members'][number]) => number,
): Family {
  const read = ({ pools }: Scrape) =>
    pools.flatMap((pool) =>
      pool.members.map((member) => ({
        labels: { pool: pool.name, server: member.id },
        value: value(member),
      })),
    )
  return { name, type: 'gauge', help, read }
}

function byFleet(name: string, help: string, value: (fleet: FleetStatus) => number): Family {
  const read = ({ fleets }: Scrape) =>
    fleets.map((fleet) => ({ labels: { fleet: fleet.name }, value: value(fleet) }))
  return { name, type: 'gauge', help, read }
}
