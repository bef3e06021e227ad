import { byDearness, type Dearness } from '../core/carbon.ts'
import type { ServerView } from '../core/scaling.ts'
import { COUNTED } from './replacing.ts'

/** Who leaves when there are too many, first is first: those that do not serve yet; then the unhealthy; then of the zone that has most, so
 *  that the loss of one stays the smallest; then the dearest, of one price those that make most carbon, those with the fewest open
 *  connections, the youngest. Pure. */
export function victims(
  servers: readonly ServerView[],
  count: number,
  dearnessOf: (server: ServerView) => Dearness,
): readonly ServerView[] {
  const left = servers.filter(({ state }) => COUNTED.includes(state))
  const chosen: ServerView[] = []
  const against = new Map(left.map((server) => [server, dearnessOf(server)]))
  while (chosen.length < count && left.length > 0) {
    const held = heldBy(left)
    const next = left.reduce((first, one) => (order(one, first, held, against) < 0 ? one : first))
    left.splice(left.indexOf(next), 1)
    chosen.push(next)
  }
  return chosen
}

/** How many stand in each zone; those of a fleet without zones stand in one. */
function heldBy(servers: readonly ServerView[]): ReadonlyMap<string | undefined, number> {
  const held = new Map<string | undefined, number>()
  for (const { zone } of servers) held.set(zone, (held.get(zone) ?? 0) + 1)
  return held
}

function order(
  a: ServerView,
  b: ServerView,
  held: ReadonlyMap<string | undefined, number>,
  against: ReadonlyMap<ServerView, Dearness>,
): number {
  return (
    rank(a) - rank(b) ||
    held.get(b.zone)! - held.get(a.zone)! ||
    byDearness(against.get(b)!, against.get(a)!) ||
    byConnections(a, b) ||
    b.launchedAt - a.launchedAt
  )
}

function rank(server: ServerView): number {
  if (server.state !== 'serving') return 0
  return isHealthy(server) ? 2 : 1
}

export function isHealthy({ members }: ServerView): boolean {
  return Object.values(members).every(({ state }) => state !== 'unhealthy')
}

/** One whose balancers tell nothing counts as idle. */
export function byConnections(a: ServerView, b: ServerView): number {
  return (a.connections ?? 0) - (b.connections ?? 0)
}
