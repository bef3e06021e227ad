import type { Decision, ServerView } from '../core/scaling.ts'
import { askedBy } from '../scaling/decide.ts'
import { type Course, courseOf } from './course.ts'
import { gatherPuts, type Planned, type PutWish } from './planned.ts'
import { weightIn } from './servers.ts'
import { poolKey } from './taken.ts'
import type { FleetView } from './view.ts'

/** At most this many servers are launched, or picked to leave, in one tick. */
const MOST = 50

type Who = Pick<Planned, 'by' | 'change'>

export interface PlannedChange {
  readonly steps: readonly Planned[]
  /** Servers that these steps concern. */
  readonly ids: ReadonlySet<string>
}

/** Steps towards the number that is wanted, and towards servers that are as they should be. Pure. */
export function planChange(decision: Decision, view: FleetView, covered: ReadonlySet<string>): PlannedChange {
  const { resume, launch, leave } = courseOf(decision, view)
  const direction = Math.sign(decision.want - view.have)
  const besides: Who = { by: view.replacing === null ? 'reserve' : 'replace', change: false }
  const who = (towards: number): Who =>
    towards === direction ? { by: askedBy(decision), change: true } : besides
  const grown = grow({ resume, launch }, who(1), view, covered)
  const shrunk = shrink(leave.slice(0, MOST), who(-1), view, covered)
  return { steps: [...grown.steps, ...shrunk.steps], ids: new Set([...grown.ids, ...shrunk.ids]) }
}

/** Takes back draining servers first, then launches the rest; one launch at a time, by what the journal has: one that is seen to have landed now is
 *  closed with this tick. None while the last ones came to nothing. */
function grow(
  { resume, launch }: Pick<Course, 'resume' | 'launch'>,
  who: Who,
  view: FleetView,
  covered: ReadonlySet<string>,
): PlannedChange {
  const ids = view.resumable
    .filter((id) => view.fleet.pools.every((pool) => !covered.has(poolKey(pool, id))))
    .slice(0, resume)
  const resumed = view.servers.filter((server) => ids.includes(server.id))
  const steps = [...gatherPuts(resumed.flatMap((server) => resumption(server, who, view)))]
  const count = Math.min(launch - ids.length, MOST)
  const held = view.backoff !== null && view.now < view.backoff.untilAt
  const isOpen = view.verdicts.some(({ intent }) => intent.step.kind === 'launch')
  if (count > 0 && !held && !isOpen) {
    const { name, revision, template } = view.fleet
    const request = { fleet: name, count, revision, template }
    steps.push({ step: { kind: 'launch', request }, ...who })
  }
  return { steps, ids: new Set(ids) }
}

function resumption(server: ServerView, who: Who, view: FleetView): readonly PutWish[] {
  return view.fleet.pools.map((pool) => {
    const weight = weightIn(pool, server.id, view)
    return { pool, server, weight, why: 'resume', ...who }
  })
}

/** Servers that are members drain first; one that no pool has yet is retired at once. */
function shrink(
  servers: readonly ServerView[],
  who: Who,
  view: FleetView,
  covered: ReadonlySet<string>,
): PlannedChange {
  const free = (server: ServerView) =>
    !covered.has(`retire ${server.id}`) &&
    view.fleet.pools.every((pool) => !covered.has(poolKey(pool, server.id)))
  const leaving = servers.filter(free)
  const unseen = leaving.filter((server) => Object.keys(server.members).length === 0)
  const wishes = leaving.flatMap((server) =>
    Object.keys(server.members).map((pool): PutWish => ({ pool, server, weight: 0, why: 'drain', ...who })),
  )
  const steps = [...gatherPuts(wishes)]
  if (unseen.length > 0) {
    steps.push({ step: { kind: 'retire', ids: unseen.map((server) => server.id) }, ...who })
  }
  return { steps, ids: new Set(leaving.map((server) => server.id)) }
}
