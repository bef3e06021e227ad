import { perObject } from '../core/per-object.ts'
import type { IntentRecord, Step } from '../core/step.ts'
import type { Millis } from '../core/time.ts'
import { isOpen } from './verdicts.ts'
import type { FleetView } from './view.ts'

/** A step that failed is not tried again sooner. */
const AGAIN_AFTER_MS = 5_000
/** A server that cannot be retired is asked for ever more slowly, or it would fill the journal. */
const LONGEST_MS = 60_000
const COUNTED_MS = 600_000

/** What open steps, and those that just failed, already cover: a step is planned only when the one before it has been observed. */
export function taken(view: FleetView): ReadonlySet<string> {
  const verdicts = view.verdicts.filter((verdict) => isOpen(verdict) || verdict.state === 'failed')
  return new Set([...verdicts.flatMap(({ intent }) => keysOf(intent.step)), ...failedLately(view)])
}

interface Failure {
  readonly key: string
  readonly kind: Step['kind']
  readonly at: Millis
}

const failuresIn = perObject((intents: readonly IntentRecord[]): readonly Failure[] =>
  intents.flatMap(({ step, closed }) =>
    closed?.outcome === 'failed' ? keysOf(step).map((key) => ({ key, kind: step.kind, at: closed.at })) : [],
  ),
)

function failedLately({ intents, now }: FleetView): readonly string[] {
  const failures = failuresIn(intents).filter(({ at }) => now - at < COUNTED_MS)
  return [...Map.groupBy(failures, ({ key }) => key)]
    .filter(([, times]) => now - times.at(-1)!.at < waitAfter(times[0]!.kind, times.length))
    .map(([key]) => key)
}

function waitAfter(kind: Step['kind'], failures: number): Millis {
  return kind === 'retire' || kind === 'park'
    ? Math.min(LONGEST_MS, AGAIN_AFTER_MS * 2 ** (failures - 1))
    : AGAIN_AFTER_MS
}

export function poolKey(pool: string, id: string): string {
  return `pool ${pool} ${id}`
}

function keysOf(step: Step): readonly string[] {
  switch (step.kind) {
    // One waits for the one before it by itself, and by the backoff when that failed.
    case 'launch':
      return []
    case 'put':
      return step.members.map((member) => poolKey(step.pool, member.id))
    case 'drop':
      return step.ids.map((id) => poolKey(step.pool, id))
    case 'confirm':
      return step.ids.map((id) => `confirm ${id}`)
    case 'retire':
    case 'park':
      return step.ids.map((id) => `retire ${id}`)
    default:
      return step satisfies never
  }
}
