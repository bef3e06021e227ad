import type { ServerView } from '../core/scaling.ts'
import type { Millis } from '../core/time.ts'

/** So long an unhealthy server may come back before it counts as missing: a blip of its checks buys nothing. */
const COMES_BACK_MS = 15_000

/** Those that once served and get no requests now. None while fewer than half of all that serve would be left: then the checks are more
 *  likely wrong than the servers, as for the gateway in panic, whose unhealthy members get requests again. Pure. */
export function unwell(servers: readonly ServerView[]): readonly ServerView[] {
  const serving = servers.filter(({ state }) => state === 'serving')
  const out = serving.filter(isOut)
  return (serving.length - out.length) * 2 < serving.length ? [] : out
}

/** The unwell that have been so for long enough to be missing as capacity. Pure. */
export function lostOf(servers: readonly ServerView[], now: Millis): readonly string[] {
  const outSince = ({ members }: ServerView) =>
    Math.min(...Object.values(members).flatMap((member) => (carriesNothing(member) ? member.sinceAt : [])))
  return unwell(servers)
    .filter((server) => now - outSince(server) >= COMES_BACK_MS)
    .map(({ id }) => id)
}

function isOut({ members }: ServerView): boolean {
  return Object.values(members).some(carriesNothing)
}

function carriesNothing({ state, effectiveWeight }: ServerView['members'][string]): boolean {
  return state === 'unhealthy' && effectiveWeight === 0
}
