import type { Decision, Guard, View } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { adjust } from './adjust.ts'

/** A pause after each change before the next in the same direction. Follows from the stored intents, so it survives a restart. */
export const cooldown: Guard = {
  name: 'cooldown',
  check(decision, view) {
    const { inCooldownMs, outCooldownMs } = view.fleet.guards
    if (decision.want > decision.have) return hold(decision, view, 'out', outCooldownMs)
    if (decision.want < decision.have) return hold(decision, view, 'in', inCooldownMs)
    return decision
  },
}

function hold(decision: Decision, view: View, direction: 'in' | 'out', cooldownMs: Millis): Decision {
  const last = view.changes.findLast(({ from, to }) => (direction === 'out' ? to > from : to < from))
  if (!last || last.at + cooldownMs <= view.now) return decision
  const ago = formatDuration(view.now - last.at)
  const says = `scaled ${direction} ${ago} ago, waits ${formatDuration(cooldownMs)} before the next`
  return adjust(decision, decision.have, { by: 'guard:cooldown', says, untilAt: last.at + cooldownMs })
}
