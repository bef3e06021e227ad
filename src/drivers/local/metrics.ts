import type { MetricQuery, MetricSource, Reading } from '../../core/metrics.ts'
import type { Clock, Millis } from '../../core/time.ts'
import { type Process, TICKS_PER_SECOND } from './proc.ts'
import type { Roster } from './roster.ts'

interface CpuPoint {
  readonly at: Millis
  /** CPU time since the start, in ticks. */
  readonly ticks: number
}

/** CPU of each server's processes over the window, from the difference of two reads; a server's limit is one core.
 *  `null` for the roster where there is no /proc. */
export function localMetrics(roster: Roster | null, clock: Clock): MetricSource {
  const points = new Map<string, readonly CpuPoint[]>()
  return {
    async read(queries, windowMs, signal) {
      signal.throwIfAborted()
      const at = clock.now()
      if (roster) note(points, roster, at, windowMs)
      return queries.map((query) => answer(query, points, at, roster !== null))
    },
  }
}

/** Every server of the fleet, so that one which begins to serve already has a difference. */
function note(points: Map<string, readonly CpuPoint[]>, roster: Roster, at: Millis, windowMs: Millis): void {
  const { servers, processes } = roster.look()
  const ticks = ticksBySession(processes)
  const pids = new Map(servers.filter(({ ended }) => ended === null).map(({ id, pid }) => [id, pid]))
  for (const id of points.keys()) if (!pids.has(id)) points.delete(id)
  for (const [id, pid] of pids) {
    const old = (points.get(id) ?? []).filter((point) => point.at < at)
    // One point at or before the window's start is kept: the difference then covers the window whole.
    const first = old.findLastIndex((point) => point.at <= at - windowMs)
    points.set(id, [...old.slice(Math.max(0, first)), { at, ticks: ticks.get(pid) ?? 0 }])
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
  if (metric === 'memory') return none('a local server has no memory limit to compare with')
  if (metric !== 'cpu') return none(`local servers do not measure ${metric}`)
  if (!hasProc) return none('CPU is read from /proc, which this system does not have')
  const shares = servers.flatMap((id) => shareOf(points.get(id) ?? []))
  if (shares.length === 0) return none('CPU needs two reads of a serving server')
  return { ok: true, sample: { value: shares.reduce((sum, share) => sum + share, 0) / shares.length, at } }
}

/** Of one core; empty with fewer than two points. A child that ends unseen takes its time with it: never below 0. */
function shareOf(points: readonly CpuPoint[]): readonly number[] {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || last.at <= first.at) return []
  return [Math.max(0, last.ticks - first.ticks) / TICKS_PER_SECOND / ((last.at - first.at) / 1000)]
}
