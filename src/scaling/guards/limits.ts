import type { Guard } from '../../core/scaling.ts'
import { boundsOf } from '../bounds.ts'
import { adjust } from './adjust.ts'

/** Inside `min` and `max`, whoever asks: the fleet's, narrowed by the schedules and events that are open. When they contradict each
 *  other, min wins. */
export const limits: Guard = {
  name: 'limits',
  check(decision, view) {
    const { min, max } = boundsOf(view)
    const want = Math.max(min.servers, Math.min(max.servers, decision.want))
    const bound = want < decision.want && want === max.servers ? max : min
    const says = `at ${bound === min ? 'least' : 'most'} ${bound.servers} (${bound.of})`
    return adjust(decision, want, { by: 'guard:limits', says, untilAt: bound.untilAt })
  },
}
