import type { Decision, ServerView } from '../core/scaling.ts'
import { dearnessIn } from './cost.ts'
import { COUNTED, type Replacing } from './replacing.ts'
import { withReserve } from './reserve.ts'
import { byConnections, isHealthy, victims } from './victims.ts'
import type { FleetView } from './view.ts'

/** How many are to come, and who is to leave. */
export interface Course {
  /** Of those that are to come, so many may be draining ones that are taken back. */
  readonly resume: number
  readonly launch: number
  /** Who leaves first is first. */
  readonly leave: readonly ServerView[]
}

/** What it takes to come to the number that is wanted, with servers that are as they should be. Pure. */
export function courseOf(decision: Decision, view: FleetView): Course {
  const { replacing } = view
  const want = withReserve(decision.want, view)
  if (replacing === null || replacing.state === 'paused')
    return towards(allowed(want - view.there, decision, view), view)
  // The old ones go on; what came early goes, and what is missing still has to come, at the backoff's pace.
  if (replacing.state === 'stopped' && replacing.leave.size === 0)
    return towards(allowed(want - replacing.total, decision, view), view)
  return replace(Math.min(want, view.fleet.max - view.drained), view, replacing)
}

/** Only decisions heed a pause; what the reserve alone lacks, or has too much of, has to do so here. */
function allowed(missing: number, { want, have }: Decision, { orders }: FleetView): number {
  const direction = missing > 0 ? 'out' : 'in'
  const isDecided = Math.sign(want - have) === Math.sign(missing)
  const isPaused = orders.some(
    (order) => order.kind === 'pause' && (order.direction === 'both' || order.direction === direction),
  )
  return isPaused && !isDecided ? 0 : missing
}

function towards(missing: number, view: FleetView): Course {
  const come = Math.max(0, Math.min(missing, view.room))
  return {
    resume: come,
    launch: come,
    leave: missing < 0 ? victims(view.servers, -missing, dearnessIn(view)) : [],
  }
}

/** Aims at `surge` more than are wanted while old ones are there. A batch comes when the one before it has left, so that never more than
 *  that exist, and old ones leave only when as many others serve. */
function replace(want: number, view: FleetView, { leave, total }: Replacing): Course {
  const { surge } = view.fleet.replace
  const aim = want + Math.min(surge, leave.size)
  const room = want + surge - total - leaving(view)
  const needed = want - view.there
  const launch = Math.max(0, Math.min(aim - total, Math.max(needed, room)))
  const counted = view.servers.filter(({ state }) => COUNTED.includes(state))
  const old = oldOnes(counted, leave).slice(0, mayLeave(want, view, { leave, total }))
  const others = counted.filter((server) => !old.includes(server))
  const more = Math.max(0, total - aim - old.length)
  return { resume: Math.max(0, needed), launch, leave: [...old, ...victims(others, more, dearnessIn(view))] }
}

/** How many old ones nobody would miss. An unhealthy one that is to stay has not taken anyone's place. */
function mayLeave(
  want: number,
  view: FleetView,
  { leave, total }: Pick<Replacing, 'leave' | 'total'>,
): number {
  const places = view.servers.filter(
    (server) => server.state === 'serving' && (leave.has(server.id) || isHealthy(server)),
  ).length
  const first = view.fleet.replace.surge === 0 && total >= want && leaving(view) === 0
  return Math.max(places - want, first && places >= want ? 1 : 0)
}

/** Those that do not serve, then the unhealthy, then those with the fewest open connections. */
function oldOnes(counted: readonly ServerView[], leave: ReadonlySet<string>): readonly ServerView[] {
  const old = counted.filter(({ id }) => leave.has(id))
  const rank = (server: ServerView) => (server.state === 'serving' ? (isHealthy(server) ? 2 : 1) : 0)
  return old.sort((a, b) => rank(a) - rank(b) || byConnections(a, b) || a.launchedAt - b.launchedAt)
}

/** Still there, though they do not count. One that an operator has ordered out stays, and nobody waits for it. */
function leaving({ servers }: FleetView): number {
  return servers.filter(
    ({ state, phase, ordered }) =>
      (state === 'draining' && ordered === null) ||
      state === 'retiring' ||
      (state === 'failed' && phase !== 'failed'),
  ).length
}
