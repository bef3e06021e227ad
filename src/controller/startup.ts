import type { Server } from '../core/fleet.ts'
import type { IntentRecord } from '../core/step.ts'
import type { Millis } from '../core/time.ts'

/** So many of the newest are enough to know. */
const NEWEST = 20

/** How long servers lately took from their launch until they served: the longest of the newest that are there, at most `limitMs`, which also
 *  counts while none is known. Pure. */
export function startupOf(
  servers: readonly Server[],
  intents: readonly IntentRecord[],
  limitMs: Millis,
): Millis {
  const joinedAt = new Map(
    intents.flatMap(({ step, at }) =>
      step.kind === 'confirm' ? step.ids.map((id): [string, Millis] => [id, at]) : [],
    ),
  )
  const tookMs = servers
    .toSorted((a, b) => b.launchedAt - a.launchedAt)
    .map(({ id, launchedAt }) => (joinedAt.get(id) ?? Number.POSITIVE_INFINITY) - launchedAt)
    .filter((ms) => ms >= 0 && ms <= limitMs)
    .slice(0, NEWEST)
  return tookMs.length === 0 ? limitMs : Math.max(...tookMs)
}
