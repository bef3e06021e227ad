import type { Step } from '../core/step.ts'
import { isOpen } from './verdicts.ts'
import type { FleetView } from './view.ts'

/** A step that failed is not tried again sooner. */
const AGAIN_AFTER_MS = 5_000

/** What open steps, and those that just failed, already cover: a step is planned only when the one before it has been observed. */
export function taken(view: FleetView): ReadonlySet<string> {
  const open = view.verdicts.filter(isOpen).map((verdict) => verdict.intent.step)
  const refused = view.verdicts.filter((verdict) => verdict.state === 'failed')
  const failed = view.intents.filter(
    ({ closed }) => closed?.outcome === 'failed' && view.now - closed.at < AGAIN_AFTER_MS,
  )
  const steps = [
    ...open,
    ...refused.map((verdict) => verdict.intent.step).filter(notLaunch),
    ...failed.map((intent) => intent.step).filter(notLaunch),
  ]
  return new Set(steps.flatMap(keysOf))
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
    case 'retire':
      return step.ids.map((id) => `${step.kind} ${id}`)
    default:
      return step satisfies never
  }
}
