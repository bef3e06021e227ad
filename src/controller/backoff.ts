import type { Backoff, ServerState, ServerView } from '../core/scaling.ts'
import type { Verdict } from '../core/step.ts'
import type { Measured } from './measured.ts'

const FIRST_MS = 1_000
export const LONGEST_MS = 60_000

/** Launches wait longer after each one in a row that came to nothing: 1 s, 2 s, 4 s ... 60 s. A server that comes to serve ends it.
 *  Pure. */
export function backoffOf(
  measured: Measured,
  servers: readonly ServerView[],
  verdicts: readonly Verdict[],
): Backoff | null {
  const { memory, now } = measured
  const confirmed = new Set(memory.confirmed)
  const joined = servers.some((server) => server.state === 'serving' && !confirmed.has(server.id))
  const before = joined ? null : memory.backoff
  const dead = servers.filter((server) => neverServed(server, measured))
  const refused = verdicts.filter(
    (verdict) => verdict.state === 'failed' && verdict.intent.step.kind === 'launch',
  )
  if (dead.length + refused.length === 0) return before
  const failures = (before?.failures ?? 0) + dead.length + refused.length
  const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16))
  return { failures, untilAt: now + delayMs, why: explain(failures, dead.at(-1), refused.at(-1)) }
}

/** Failed since the last tick, without ever having served. */
function neverServed(server: ServerView, { memory, before }: Measured): boolean {
  if (server.state !== 'failed' || memory.confirmed.includes(server.id)) return false
  return before === null ? memory.tickAt === 0 : isNews(before.get(server.id))
}

/** One that could not be retired has failed once, however often that is tried. */
export function isNews(before: ServerState | undefined): boolean {
  return before !== 'failed' && before !== 'retiring'
}

function explain(failures: number, dead: ServerView | undefined, refused: Verdict | undefined): string {
  if (refused) {
    const times = failures === 1 ? 'the launch failed' : `${failures} launches in a row came to nothing`
    return `${times}: ${refused.detail}`
  }
  const times = failures === 1 ? 'a server' : `${failures} servers in a row`
  return `${times} never became healthy: ${dead?.detail ?? 'no reason is known'}`
}
