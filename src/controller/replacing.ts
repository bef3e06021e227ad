import type { Replacement } from '../core/replacement.ts'
import type { ServerState, ServerView } from '../core/scaling.ts'
import { sequenceOf, type Verdict } from '../core/step.ts'
import type { Measured } from './measured.ts'
import { withReserve } from './reserve.ts'

export const COUNTED: readonly ServerState[] = ['launching', 'starting', 'checking', 'serving']

/** Failures are counted up to here. */
const MOST_FAILED = 100

/** A replacement with what `plan` needs to go on with it. */
export interface Replacing extends Replacement {
  /** Servers that count and are to leave, by id. */
  readonly leave: ReadonlySet<string>
  /** All servers that count. Decisions do not see those that are there only because of the replacement. */
  readonly total: number
}

/** The replacement that is called for: while a server is of another revision than the fleet, was launched before the newest order to
 *  replace, is about to be taken away, or served and has long been unhealthy; and until nothing of it is left over. Pure. */
export function replacingOf(
  measured: Measured,
  servers: readonly ServerView[],
  verdicts: readonly Verdict[],
  total: number,
): Replacing | null {
  const { orders, memory } = measured
  if (orders.some((order) => order.kind === 'stop')) return null
  const counted = servers.filter((server) => COUNTED.includes(server.state))
  const revision = counted.filter((server) => server.revision !== measured.fleet.revision)
  const ordered = counted.filter((server) => isBeforeOrder(server, measured))
  const unhealthy = counted.filter((server) => isLongUnhealthy(server, measured))
  const noticed = counted.filter(({ notice }) => notice !== undefined)
  const all = new Set([...revision, ...ordered, ...unhealthy, ...noticed].map(({ id }) => id))
  const of = memory.want === null ? total : placedOf(memory.want, measured, servers)
  if (all.size === 0 && (memory.replacement === null || total === of)) return null
  // One that stays unhealthy or is taken away is no reason to stop anything: its own successors may fail as long as the backoff lets them.
  const rolling = revision.length + ordered.length > 0
  const failed = rolling ? failuresOf(measured, servers, verdicts) : []
  const state = stateOf(failed, measured)
  return {
    state,
    goal: goalOf(measured),
    old: {
      revision: revision.length,
      ordered: ordered.length,
      unhealthy: unhealthy.length,
      notice: noticed.length,
    },
    fresh: counted.filter(({ id, state }) => state === 'serving' && !all.has(id)).length,
    of,
    failed,
    // The others may go on for ever; these will not.
    leave: state === 'stopped' ? new Set(noticed.map(({ id }) => id)) : all,
    total,
  }
}

/** How many an operator has ordered out: they keep their places, for they may be taken back any time. Pure. */
export function drainedOf(servers: readonly ServerView[]): number {
  return servers.filter(({ state, ordered }) => state === 'draining' && ordered !== null).length
}

/** How many are to be there in the end. */
function placedOf(want: number, measured: Measured, servers: readonly ServerView[]): number {
  return Math.min(withReserve(want, measured), measured.fleet.max - drainedOf(servers))
}

/** As many servers as there would be without the replacement: neither those that came early nor, where an old one leaves first, the
 *  one that is yet to come. What is lost is missing, unless it is the replacement that makes up for it. A launch that nobody has answered
 *  counts as far as it is wanted: a guard that holds the number that there is would take its servers back as soon as they are listed. Pure. */
export function haveOf(
  measured: Measured,
  { total, lost, coming }: { readonly total: number; readonly lost: number; readonly coming: number },
  replacing: Replacing | null,
): number {
  const { memory, fleet } = measured
  if (replacing === null) return total - lost
  if (memory.want === null) return total
  const hidden = fleet.replace.surge === 0 && replacing.state === 'replacing' ? 1 : 0
  return Math.min(total + coming + hidden, withReserve(memory.want, measured))
}

/** What memory keeps of it. */
export function replacementOf(replacing: Replacing | null): Replacement | null {
  if (replacing === null) return null
  const { leave: _leave, total: _total, ...replacement } = replacing
  return replacement
}

/** The token tells by our own clock when the launch was written down; a driver's `launchedAt` may be rounded to a second or more. */
export function isBeforeOrder(
  server: Pick<ServerView, 'token' | 'launchedAt'>,
  { orders }: Pick<Measured, 'orders'>,
): boolean {
  const order = orders.findLast(({ kind }) => kind === 'replace')
  const sequence = sequenceOf(server.token)
  const launchedAt = Number.isFinite(sequence) ? sequence : server.launchedAt
  return order !== undefined && launchedAt < Math.floor(order.at)
}

/** Never in panic, when the checks are more likely wrong than the servers: then unhealthy ones carry weight too. */
function isLongUnhealthy(server: ServerView, { fleet, now }: Measured): boolean {
  const { unhealthyMs } = fleet.replace
  if (unhealthyMs === null || server.state !== 'serving') return false
  return Object.values(server.members).some(
    (member) =>
      member.state === 'unhealthy' && member.effectiveWeight === 0 && now - member.sinceAt > unhealthyMs,
  )
}

function goalOf({ fleet, orders }: Measured): string {
  return `${fleet.revision} ${orders.findLast(({ kind }) => kind === 'replace')?.id ?? 0}`
}

/** Those that memory holds, and those of now: each counts once, however long it is to be seen. */
function failuresOf(
  measured: Measured,
  servers: readonly ServerView[],
  verdicts: readonly Verdict[],
): readonly string[] {
  const { fleet, memory } = measured
  const before = memory.replacement?.goal === goalOf(measured) ? memory.replacement.failed : []
  const failed = servers.filter(
    (server) =>
      (server.state === 'failed' || isLongUnhealthy(server, measured)) &&
      server.revision === fleet.revision &&
      !isBeforeOrder(server, measured),
  )
  const refused = verdicts.filter(
    ({ intent: { step }, state }) =>
      state === 'failed' && step.kind === 'launch' && step.request.revision === fleet.revision,
  )
  const now = [...failed.map(({ id }) => id), ...refused.map(({ intent }) => intent.token)]
  return [...new Set([...before, ...now])].slice(0, MOST_FAILED)
}

function stateOf(failed: readonly string[], { fleet, orders }: Measured): Replacing['state'] {
  if (orders.some((order) => order.kind === 'pause' && order.direction === 'both')) return 'paused'
  return failed.length >= Math.max(1, fleet.replace.surge) ? 'stopped' : 'replacing'
}
