import { type Member, sumKnown } from '../core/balancer.ts'
import type { Server } from '../core/fleet.ts'
import { perObject } from '../core/per-object.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { ServerState, ServerView } from '../core/scaling.ts'
import { type IntentRecord, sequenceOf } from '../core/step.ts'
import type { Millis } from '../core/time.ts'
import { formatDuration } from '../core/units.ts'
import type { World } from './measured.ts'

/** `by` of drains that an operator ordered: they lead to no retirement. */
export const ORDERED = 'order:drain'

/** What one server's state depends on besides itself. */
interface Circumstances {
  readonly members: Readonly<Record<string, Member>>
  readonly drainingSince: Millis | null
  readonly ordered: boolean
  readonly retiring: boolean
  /** Pools where an operator keeps its weight at 0. */
  readonly silenced: ReadonlySet<string>
  /** From when its start-up counts; null = no longer. */
  readonly startedAt: Millis | null
}

/** Every listed server with what its pools say of it, and those that vanished but are still members. Pure. */
export function serverViews(world: World): readonly ServerView[] {
  const memberships = membershipsOf(world)
  const confirmed = new Set(world.memory.confirmed)
  const retiring = retiringIn(world.intents)
  const servers = [...world.listed, ...vanished(world)]
  return servers.map((server) => {
    const members = memberships.get(server.id) ?? {}
    const silenced = silencedPools(server.id, world)
    const circumstances = {
      members,
      drainingSince: drainingSince(server, world),
      ordered: orderedOut(server.id, world, silenced),
      retiring: retiring.has(server.id),
      silenced,
      startedAt: confirmed.has(server.id) ? null : startedAt(server, members, world),
    }
    return viewOf(server, circumstances, world)
  })
}

/** The weight that a server of the fleet should have in a pool. */
export function weightIn(pool: string, id: string, world: Pick<World, 'fleet' | 'orders'>): number {
  const last = world.orders.findLast(
    (order) => order.kind === 'weight' && order.pool === pool && order.member === id,
  )
  return last?.kind === 'weight' ? last.weight : world.fleet.weight
}

function viewOf(server: Server, about: Circumstances, world: World): ServerView {
  const state = stateOf(server, about, world)
  const carried = Object.values(about.members)
  const late = state === 'failed' && server.phase !== 'failed'
  return {
    ...server,
    ...(late && { detail: `it did not serve within ${formatDuration(world.fleet.startupMs)}` }),
    ...(isWaiting(server, state) && heldOutBy(server.id, world)),
    state,
    members: about.members,
    inFlight: sumKnown(carried.map(({ inFlight }) => inFlight)),
    connections: sumKnown(carried.map(({ connections }) => connections)),
    drainingSince: about.drainingSince,
    ordered: about.ordered ? 'drain' : null,
  }
}

/** It runs, and a pool has yet to have it. */
function isWaiting({ phase }: Server, state: ServerState): boolean {
  return phase === 'running' && (state === 'starting' || state === 'checking')
}

/** Why its balancer has not let it in: what was said of it when that was tried last, else what is wrong with the balancer. */
function heldOutBy(id: string, { intents, trouble }: World): { readonly detail?: string } {
  const admission = intents.findLast(
    ({ step, closed }) =>
      closed !== null &&
      step.kind === 'put' &&
      step.why === 'admit' &&
      step.members.some((member) => member.id === id),
  )
  const refusal = admission?.closed?.outcome === 'failed' ? admission.closed.detail : trouble
  return refusal === null ? {} : { detail: refusal }
}

function stateOf(server: Server, about: Circumstances, world: World): ServerState {
  if (server.phase === 'failed') return 'failed'
  if (server.phase === 'retiring' || about.retiring) return 'retiring'
  if (about.drainingSince !== null || about.ordered) return 'draining'
  const state = progress(server, about, world.fleet)
  // What its balancer refuses is no fault of a server's: its time counts anew from when that is over.
  const since = about.startedAt === null ? null : Math.max(about.startedAt, world.troubledAt)
  const late = since !== null && world.now - since > world.fleet.startupMs
  return late && state !== 'serving' ? 'failed' : state
}

function progress(server: Server, about: Circumstances, fleet: FleetSpec): ServerState {
  if (server.phase === 'launching') return 'launching'
  if (server.address === null || fleet.pools.some((pool) => !about.members[pool])) return 'starting'
  const admitted = fleet.pools.every((pool) => about.silenced.has(pool) || isAdmitted(about.members[pool]!))
  return admitted ? 'serving' : 'checking'
}

/** Unhealthy and ejected ones were admitted once, and may come back. */
function isAdmitted(member: Member): boolean {
  return member.weight > 0 && member.state !== 'checking' && member.state !== 'gone'
}

/** The limit counts anew from an admission, and one that runs without ever having been admitted here is not late:
 *  a lost state directory must not fail a whole fleet. */
function startedAt(server: Server, members: Circumstances['members'], world: World): Millis | null {
  const admission = world.intents.findLast(
    ({ step }) =>
      step.kind === 'put' && step.why !== 'drain' && step.members.some((member) => member.id === server.id),
  )
  // By our own clock at least: one that a vendor's is behind would make every server late from the first.
  const launch = world.intents.find(({ token }) => token === server.token)
  const begunAt = Math.max(server.launchedAt, launch?.at ?? 0)
  if (admission) return Math.max(begunAt, admission.at)
  const waiting = server.phase === 'running' && Object.keys(members).length < world.fleet.pools.length
  return waiting ? null : begunAt
}

/** By server, then by pool. */
function membershipsOf(world: World): ReadonlyMap<string, Readonly<Record<string, Member>>> {
  const found = new Map<string, Record<string, Member>>()
  for (const pool of world.fleet.pools)
    for (const member of world.members[pool] ?? []) {
      if (member.fixed || member.state === 'gone') continue
      const pools = found.get(member.id) ?? {}
      pools[pool] ??= member
      found.set(member.id, pools)
    }
  return found
}

/** A step that takes a server out of a pool, or back. */
interface Turn {
  readonly why: 'drain' | 'resume'
  readonly at: Millis
  readonly sequence: number
}

/** By server, in the order in which they were written down. */
const turnsIn = perObject((intents: readonly IntentRecord[]): ReadonlyMap<string, readonly Turn[]> => {
  const turns = new Map<string, Turn[]>()
  for (const { step, at, by, token } of intents) {
    if (step.kind !== 'put' || step.why === 'admit' || by === ORDERED) continue
    const turn = { why: step.why, at, sequence: sequenceOf(token) }
    for (const { id } of step.members) turns.set(id, [...(turns.get(id) ?? []), turn])
  }
  return turns
})

const retiringIn = perObject(
  (intents: readonly IntentRecord[]): ReadonlySet<string> =>
    new Set(
      intents.flatMap(({ step, closed }) =>
        (step.kind === 'retire' || step.kind === 'park') && closed === null ? step.ids : [],
      ),
    ),
)

/** Since when it drains: what memory kept, changed by the intents that followed. One that was kept and has been started again drains no
 *  more. */
function drainingSince({ id, token }: Server, { memory, intents }: World): Millis | null {
  const launched = sequenceOf(token)
  let since = memory.draining[id] ?? null
  for (const { why, at, sequence } of turnsIn(intents).get(id) ?? []) {
    if (sequence < launched) continue
    since = why === 'resume' ? null : (since ?? at)
  }
  return since
}

const NO_POOLS: ReadonlySet<string> = new Set()

function silencedPools(id: string, world: World): ReadonlySet<string> {
  const pools = world.fleet.pools.filter((pool) => weightIn(pool, id, world) === 0)
  return pools.length === 0 ? NO_POOLS : new Set(pools)
}

/** Whoever stops everything takes the ordered ones too. */
function orderedOut(id: string, world: World, silenced: ReadonlySet<string>): boolean {
  if (world.orders.some((order) => order.kind === 'stop')) return false
  const drained = world.orders.some((order) => order.kind === 'drain' && order.server === id)
  return drained || (world.fleet.pools.length > 0 && silenced.size === world.fleet.pools.length)
}

/** Known servers that the list has not shown for the settle time, while a pool still has them. */
function vanished(world: World): readonly Server[] {
  const listed = new Set(world.listed.map((server) => server.id))
  const gone = new Map<string, Member>()
  for (const member of world.fleet.pools.flatMap((pool) => world.members[pool] ?? [])) {
    const seenAt = world.seen.get(member.id)
    if (member.fixed || member.state === 'gone' || listed.has(member.id) || seenAt === undefined) continue
    if (world.now - seenAt > world.settleMs) gone.set(member.id, member)
  }
  return [...gone.values()].map((member) => ({
    id: member.id,
    token: '',
    address: member.address,
    revision: '',
    launchedAt: world.seen.get(member.id) ?? 0,
    phase: 'failed',
    detail: 'it is no longer there',
  }))
}
