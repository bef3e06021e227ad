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
  const open = view.verdicts.filter(isOpen).map((verdict) => verdict.intent.step)
  const refused = view.verdicts.filter((verdict) => verdict.state === 'failed')
  const steps = [...open, ...refused.map((verdict) => verdict.intent.step).filter(notLaunch)]
  return new Set([...steps.flatMap(keysOf), ...failedLately(view)])
}

interface Failure {
  readonly key: string
  readonly kind: Step['kind']
  readonly at: Millis
}

const failuresIn = perObject((intents: readonly IntentRecord[]): readonly Failure[] =>
  intents.flatMap(({ step, closed }) =>
    closed?.outcome === 'failed' && notLaunch(step)
      ? keysOf(step).map((key) => ({ key, kind: step.kind, at: closed.at }))
      : [],
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

/** Failed launches wait by the backoff instead. */
function notLaunch(step: Step): boolean {
  return step.kind !== 'launch'
}

function keysOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'launch':
      return ['launch']
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
