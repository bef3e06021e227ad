import type { ServerView } from '../core/scaling.ts'
import { gatherPuts, type Planned, type PutWish } from './planned.ts'
import { isBeforeOrder } from './replacing.ts'
import { ORDERED, weightIn } from './servers.ts'
import { poolKey } from './taken.ts'
import type { FleetView } from './view.ts'

const UPKEEP = { by: 'upkeep', change: false } as const

/** What every server needs next on its way in or out, whatever the number. Pure. */
export function planUpkeep(
  servers: readonly ServerView[],
  view: FleetView,
  covered: ReadonlySet<string>,
): readonly Planned[] {
  const free = (pool: string, server: ServerView) => !covered.has(poolKey(pool, server.id))
  const puts = servers
    .flatMap((server) => putsFor(server, view))
    .filter((wish) => free(wish.pool, wish.server))
  const leaving = servers.filter((server) => mayLeave(server, view))
  const drops = view.fleet.pools.flatMap((pool) => {
    const members = leaving.filter((server) => server.members[pool] && free(pool, server))
    return idsStep(members, (ids) => ({ kind: 'drop', pool, ids }))
  })
  const alone = leaving.filter((server) => Object.keys(server.members).length === 0 && isThere(server, view))
  const { parked, retired } = farewells(alone, view)
  const uncovered = ({ id }: { readonly id: string }) => !covered.has(`retire ${id}`)
  const confirmed = new Set(view.measured.memory.confirmed)
  const joined = servers.filter(
    ({ id, state }) => state === 'serving' && !confirmed.has(id) && !covered.has(`confirm ${id}`),
  )
  return [
    ...gatherPuts(puts),
    ...idsStep(joined, (ids) => ({ kind: 'confirm', ids })),
    ...drops,
    ...idsStep(parked.filter(uncovered), (ids) => ({ kind: 'park', ids })),
    ...idsStep(retired.filter(uncovered), (ids) => ({ kind: 'retire', ids })),
  ]
}

/** Who of those that leave is kept for a later launch, and who leaves for good, with those of the kept that nobody will start any more. */
function farewells(
  leaving: readonly ServerView[],
  view: FleetView,
): { readonly parked: readonly ServerView[]; readonly retired: readonly { readonly id: string }[] } {
  const { kept, keeps } = view.measured
  const most = isStopping(view) ? 0 : keeps
  const good = kept.filter(({ revision }) => revision === view.fleet.revision).slice(0, most)
  const parked = leaving.filter((server) => isGood(server, view)).slice(0, most - good.length)
  const retired = [...leaving, ...kept].filter((one) => ![...parked, ...good].some(({ id }) => id === one.id))
  return { parked, retired }
}

/** Nothing is wrong with it, but that there are too many. */
function isGood({ state, revision, notice, ...server }: ServerView, view: FleetView): boolean {
  return (
    state === 'draining' &&
    revision === view.fleet.revision &&
    notice === undefined &&
    !isBeforeOrder(server, view.measured)
  )
}

function isStopping({ orders }: FleetView): boolean {
  return orders.some((order) => order.kind === 'stop')
}

function idsStep(
  servers: readonly { readonly id: string }[],
  step: (ids: readonly string[]) => Planned['step'],
): readonly Planned[] {
  return servers.length === 0 ? [] : [{ step: step(servers.map((server) => server.id)), ...UPKEEP }]
}

/** One that vanished is a member still, but there is nothing to retire; one that is retiring needs no second word. */
function isThere(server: ServerView, view: FleetView): boolean {
  return server.state !== 'retiring' && view.measured.listed.some((one) => one.id === server.id)
}

/** The weights that a server should have and has not. */
function putsFor(server: ServerView, view: FleetView): readonly PutWish[] {
  switch (server.state) {
    case 'starting':
    case 'checking':
    case 'serving':
      return server.address === null ? [] : admissions(server, view)
    case 'draining':
      return drains(server)
    case 'failed':
      return stillCarries(server) ? drains(server) : []
    case 'launching':
    case 'retiring':
      return []
    default:
      return server.state satisfies never
  }
}

function admissions(server: ServerView, view: FleetView): readonly PutWish[] {
  return view.fleet.pools.flatMap((pool): PutWish[] => {
    const weight = weightIn(pool, server.id, view)
    const member = server.members[pool]
    if (member?.weight === weight && member.address === server.address) return []
    // A new address counts as a new member, so `gatherPuts` must not take the old one from the pool.
    const fresh = member && member.address !== server.address ? withoutMember(server, pool) : server
    return [{ pool, server: fresh, weight, why: member?.weight === 0 ? 'resume' : 'admit', ...UPKEEP }]
  })
}

function withoutMember(server: ServerView, pool: string): ServerView {
  const members = Object.fromEntries(Object.entries(server.members).filter(([name]) => name !== pool))
  return { ...server, members }
}

function drains(server: ServerView): readonly PutWish[] {
  const by = server.drainingSince === null ? ORDERED : UPKEEP.by
  return Object.entries(server.members)
    .filter(([, member]) => member.weight !== 0)
    .map(([pool]) => ({ pool, server, weight: 0, why: 'drain', by, change: false }))
}

/** One that is late in one pool may be of use in another: it drains before it leaves. */
function stillCarries({ phase, members }: ServerView): boolean {
  return phase === 'running' && Object.values(members).some(({ inFlight }) => (inFlight ?? 0) > 0)
}

/** May be dropped from its pools, and then retired. */
function mayLeave(server: ServerView, view: FleetView): boolean {
  if (server.state === 'failed') return !stillCarries(server)
  if (server.state === 'retiring') return true
  if (server.state !== 'draining' || server.drainingSince === null) return false
  if (server.ordered && !isStopping(view)) return false
  const { drainMs } = view.fleet
  const overdue = drainMs !== null && view.now - server.drainingSince >= drainMs
  const quiet = Object.values(server.members).every((member) => member.weight === 0 && member.inFlight === 0)
  return quiet || overdue
}
