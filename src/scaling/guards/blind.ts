import type { Guard } from '../../core/scaling.ts'
import { adjust } from './adjust.ts'

/** Who cannot see changes nothing. */
export const blind: Guard = {
  name: 'blind',
  check(decision, view) {
    if (view.blind.length === 0) return decision
    const says = `held, because not everything could be read: ${view.blind.join('; ')}`
    return adjust(decision, decision.have, { by: 'guard:blind', says, untilAt: null })
  },
}
