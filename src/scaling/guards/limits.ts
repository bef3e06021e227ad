import type { Guard } from '../../core/scaling.ts'
import { adjust } from './adjust.ts'

/** Inside `min` and `max`, whoever asks. When they contradict each other, min wins. */
export const limits: Guard = {
  name: 'limits',
  check(decision, { fleet }) {
    const want = Math.max(fleet.min, Math.min(fleet.max, decision.want))
    const says = want < decision.want ? `at most ${fleet.max} (max)` : `at least ${fleet.min} (min)`
    return adjust(decision, want, { by: 'guard:limits', says, untilAt: null })
  },
}
