import type { Decision, ServerView } from '../core/scaling.ts'
import { askedBy } from '../scaling/decide.ts'
import { gatherPuts, type Planned, type PutWish } from './planned.ts'
import { weightIn } from './servers.ts'
import { poolKey } from './taken.ts'
import type { FleetView } from './view.ts'

/** At most this many servers are launched, or picked to leave, in one tick. */
const MOST = 50

export interface PlannedChange {
  readonly steps: readonly Planned[]
  /** Servers that these steps concern. */
  readonly ids: ReadonlySet<string>
}

/** Steps towards the number that is wanted. Pure. */
export function planChange(decision: Decision, view: FleetView, covered: ReadonlySet<string>): PlannedChange {
  const by = askedBy(decision)
  const missing = decision.want - view.have
  if (missing > 0) return grow(missing, by, view, covered)
  if (missing < 0) return shrink(-missing, by, view, covered)
  return { steps: [], ids: new Set() }
}

/** Takes back draining servers first, then launches the rest; one launch at a time, and none while the last ones came to nothing. */
function grow(missing: number, by: string, view: FleetView, covered: ReadonlySet<string>): PlannedChange {
  const ids = view.resumable
    .filter((id) => view.fleet.pools.every((pool) => !covered.has(poolKey(pool, id))))
    .slice(0, missing)
  const resumed = view.servers.filter((server) => ids.includes(server.id))
  const steps = [...gatherPuts(resumed.flatMap((server) => resumption(server, by, view)))]
  const count = Math.min(missing - ids.length, MOST)
  const held = view.backoff !== null && view.now < view.backoff.untilAt
  if (count > 0 && !held && !covered.has('launch')) {
    const { name, revision, template } = view.fleet
    const request = { fleet: name, count, revision, template }
    steps.push({ step: { kind: 'launch', request }, by, change: true })
  }
  return { steps, ids: new Set(ids) }
}

function resumption(server: ServerView, by: string, view: FleetView): readonly PutWish[] {
  return view.fleet.pools.map((pool) => {
    const weight = weightIn(pool, server.id, view)
    return { pool, server, weight, why: 'resume', by, change: true }
  })
}

/** Servers that are members drain first; one that no pool has yet is retired at once. */
function shrink(count: number, by: string, view: FleetView, covered: ReadonlySet<string>): PlannedChange {
  const free = (server: ServerView) =>
    !covered.has(`retire ${server.id}`) &&
    view.fleet.pools.every((pool) => !covered.has(poolKey(pool, server.id)))
  const leaving = victims(view.servers, Math.min(count, MOST)).filter(free)
  const unseen = leaving.filter((server) => Object.keys(server.members).length === 0)
  const wishes = leaving.flatMap((server) =>
    Object.keys(server.members).map(
      (pool): PutWish => ({ pool, server, weight: 0, why: 'drain', by, change: true }),
    ),
  )
  const steps = [...gatherPuts(wishes)]
  if (unseen.length > 0) {
    steps.push({ step: { kind: 'retire', ids: unseen.map((server) => server.id) }, by, change: true })
  }
  return { steps, ids: new Set(leaving.map((server) => server.id)) }
}

/** Those that do not serve yet, then those with the fewest open connections; among equals the youngest. */
function victims(servers: readonly ServerView[], count: number): readonly ServerView[] {
  const order = ['launching', 'starting', 'checking', 'serving']
  const rank = (server: ServerView) => (server.state === 'serving' ? 1 : 0)
  return servers
    .filter((server) => order.includes(server.state))
    .sort((a, b) => rank(a) - rank(b) || a.connections - b.connections || b.launchedAt - a.launchedAt)
    .slice(0, count)
}
