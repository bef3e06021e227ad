import type { MetricQuery, MetricSource, Reading } from '../../core/metrics.ts'
import type { Clock, Millis } from '../../core/time.ts'
import type { Groups } from './cgroup/groups.ts'
import { type Process, TICKS_PER_SECOND } from './proc.ts'
import type { Roster } from './roster.ts'

interface CpuPoint {
  readonly at: Millis
  /** CPU time since the start, in ticks. */
  readonly ticks: number
  /** CPUs that the server may use. */
  readonly cpus: number
}

/** CPU of each server's processes over the window, from the difference of two reads, as a share of its `cpus`, else of one core;
 *  resident memory as a share of its `memory`. `null` for the roster where there is no /proc. */
export function localMetrics(roster: Roster | null, groups: Groups, clock: Clock): MetricSource {
  const points = new Map<string, readonly CpuPoint[]>()
  return {
    async read(queries, windowMs, signal) {
      signal.throwIfAborted()
      const at = clock.now()
      if (roster) note(points, roster, at, windowMs)
      return queries.map((query) =>
        query.metric === 'memory'
          ? memory(query.servers, roster, groups, at)
          : answer(query, points, at, roster !== null),
      )
    },
  }
}

/** Every server of the fleet, so that one which begins to serve already has a difference. */
function note(points: Map<string, readonly CpuPoint[]>, roster: Roster, at: Millis, windowMs: Millis): void {
  const { servers, processes } = roster.look()
  const ticks = ticksBySession(processes)
  const living = new Map(servers.filter(({ ended }) => ended === null).map((server) => [server.id, server]))
  for (const id of points.keys()) if (!living.has(id)) points.delete(id)
  for (const [id, { pid, limits }] of living) {
    const old = (points.get(id) ?? []).filter((point) => point.at < at)
    // One point at or before the window's start is kept: the difference then covers the window whole.
    const first = old.findLastIndex((point) => point.at <= at - windowMs)
    const point = { at, ticks: ticks.get(pid) ?? 0, cpus: limits.cpus ?? 1 }
    points.set(id, [...old.slice(Math.max(0, first)), point])
  }
}

function ticksBySession(processes: readonly Process[]): ReadonlyMap<number, number> {
  const ticks = new Map<number, number>()
  for (const { session, cpuTicks } of processes) ticks.set(session, (ticks.get(session) ?? 0) + cpuTicks)
  return ticks
}

function answer(
  { metric, servers }: MetricQuery,
  points: ReadonlyMap<string, readonly CpuPoint[]>,
  at: Millis,
  hasProc: boolean,
): Reading {
  const none = (detail: string): Reading => ({ ok: false, at, why: 'no-data', detail })
  if (metric !== 'cpu') return none(`local servers do not measure ${metric}`)
  if (!hasProc) return none('CPU is read from /proc, which this system does not have')
  const shares = servers.flatMap((id) => shareOf(points.get(id) ?? []))
  return shares.length === 0 ? none('CPU needs two reads of a serving server') : meanOf(shares, at)
}

/** Mean over the servers that have a limit in force. */
function memory(servers: readonly string[], roster: Roster | null, groups: Groups, at: Millis): Reading {
  const shares = servers.flatMap((id) => {
    const limit = roster?.get(id)?.limits.memoryBytes
    const resident = limit ? groups.residentBytes(id) : null
    return limit && resident !== null ? [resident / limit] : []
  })
  const why = 'no serving server has a `memory` limit in force'
  return shares.length === 0 ? { ok: false, at, why: 'no-data', detail: why } : meanOf(shares, at)
}

function meanOf(shares: readonly number[], at: Millis): Reading {
  return { ok: true, sample: { value: shares.reduce((sum, share) => sum + share, 0) / shares.length, at } }
}

/** Of its CPUs; empty with fewer than two points. A child that ends unseen takes its time with it: never below 0. */
function shareOf(points: readonly CpuPoint[]): readonly number[] {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || last.at <= first.at) return []
  const cores = Math.max(0, last.ticks - first.ticks) / TICKS_PER_SECOND / ((last.at - first.at) / 1000)
  return [cores / last.cpus]
}
