import type { Server } from '../core/fleet.ts'
import type { Start, Startup } from '../core/learned.ts'
import { perObject } from '../core/per-object.ts'
import type { IntentRecord } from '../core/step.ts'
import type { Millis } from '../core/time.ts'

/** So many of the newest are kept. */
const KEPT = 50
/** So many of the newest tell how long the next one takes. */
const NEWEST = 20

/** When each server has joined, by the journal: oldest first. */
const joinedIn = perObject((intents: readonly IntentRecord[]): ReadonlyMap<string, readonly Millis[]> => {
  const joined = new Map<string, Millis[]>()
  for (const { step, at } of intents)
    if (step.kind === 'confirm') for (const id of step.ids) joined.set(id, [...(joined.get(id) ?? []), at])
  return joined
})

const knownIn = perObject((starts: readonly Start[]) => new Map(starts.map((start) => [start.server, start])))

/** Those of before, and those of servers that are there and whose journal tells when they joined: the newest, oldest first. What took longer
 *  than `limitMs` was no start, but somebody else's server that was taken over. Pure. */
export function nextStarts(
  before: readonly Start[],
  {
    servers,
    intents,
    limitMs,
  }: {
    readonly servers: readonly Pick<Server, 'id' | 'launchedAt'>[]
    readonly intents: readonly IntentRecord[]
    readonly limitMs: Millis
  },
): readonly Start[] {
  const [joined, known] = [joinedIn(intents), knownIn(before)]
  const fresh = servers.flatMap(({ id: server, launchedAt }): Start[] => {
    const at = joined.get(server)?.findLast((one) => one >= launchedAt && one - launchedAt <= limitMs)
    return at === undefined || known.get(server)?.at === at ? [] : [{ server, at, tookMs: at - launchedAt }]
  })
  if (fresh.length === 0) return before
  const all = new Map([...known, ...fresh.map((start) => [start.server, start] as const)])
  return [...all.values()].toSorted((a, b) => a.at - b.at).slice(-KEPT)
}

/** How long the next server takes: the longest of the newest starts, and `limitMs` while none is known. */
export function startupOf(starts: readonly Start[], limitMs: Millis): Millis {
  return starts.length === 0 ? limitMs : Math.max(...starts.slice(-NEWEST).map(({ tookMs }) => tookMs))
}

/** Null = none is known. */
export function startupIn(starts: readonly Start[]): Startup | null {
  const sorted = starts.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!
  return sorted.length === 0 ? null : { medianMs: at(0.5), p95Ms: at(0.95), count: sorted.length }
}
