import type { Change, Guard } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { adjust } from './adjust.ts'

/** A fleet that turns too often keeps its servers: after so many reversals within a time nothing scales in until the oldest of them is
 *  that long ago. Follows from the stored intents. */
export const flapBudget: Guard = {
  name: 'flap-budget',
  check(decision, view) {
    const budget = view.fleet.guards.flapBudget
    if (budget === null || decision.want >= decision.have) return decision
    const recent = reversals(view.changes).filter((at) => at > view.now - budget.perMs)
    const oldest = recent.at(-budget.reversals)
    if (oldest === undefined) return decision
    const says = `the fleet turned ${recent.length} times within ${formatDuration(budget.perMs)}, which uses up its budget; scale-in waits`
    return adjust(decision, decision.have, {
      by: 'guard:flap-budget',
      says,
      untilAt: oldest + budget.perMs,
    })
  },
}

/** When the number that was wanted turned from rising to falling or back, oldest first. Refilling what has died is no turn, nor is what
 *  an operator orders. */
export function reversals(changes: readonly Change[]): readonly Millis[] {
  const turns: Millis[] = []
  let level: number | null = null
  let direction = 0
  for (const { at, from, to, by } of changes) {
    const step = Math.sign(to - (level ?? from))
    level = to
    if (step === 0 || by.startsWith('order:')) continue
    if (direction !== 0 && step !== direction) turns.push(at)
    direction = step
  }
  return turns
}
