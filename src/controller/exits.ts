import type { ExitCount } from '../core/admin.ts'
import type { Ending } from '../core/fleet.ts'
import type { ServerView } from '../core/scaling.ts'

/** Labels of a metric: whoever exits with all codes there are must not make a series of each. */
const MOST_REASONS = 40

/** The counts with those that have ended since the tick before. Pure. */
export function countExits(
  counts: readonly ExitCount[],
  now: readonly ServerView[],
  before: readonly ServerView[],
): readonly ExitCount[] {
  const known = new Set(before.filter(({ phase }) => phase === 'failed').map(({ id }) => id))
  const ended = now.filter(({ id, phase }) => phase === 'failed' && !known.has(id))
  return ended.reduce((sums, { ending }) => add(sums, reasonOf(ending)), counts)
}

function add(counts: readonly ExitCount[], wanted: string): readonly ExitCount[] {
  const isKnown = counts.some(({ reason }) => reason === wanted)
  const reason = isKnown || counts.length < MOST_REASONS - 1 ? wanted : 'other'
  if (!counts.some((one) => one.reason === reason)) return [...counts, { reason, count: 1 }]
  return counts.map((one) => (one.reason === reason ? { reason, count: one.count + 1 } : one))
}

function reasonOf(ending: Ending | undefined): string {
  if (ending?.outOfMemory) return 'out-of-memory'
  return ending?.signal ?? (ending && ending.code !== null ? `code-${ending.code}` : 'unknown')
}
