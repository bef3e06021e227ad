import type { Guard } from '../../core/scaling.ts'
import { adjust } from './adjust.ts'

/** After a jump of the wall clock the ages of samples mean nothing for a while: nothing shrinks. */
export const clock: Guard = {
  name: 'clock',
  check(decision, { clockHoldUntilAt, now }) {
    if (clockHoldUntilAt <= now || decision.want >= decision.have) return decision
    const says = 'the wall clock jumped, scale-in waits'
    return adjust(decision, decision.have, { by: 'guard:clock', says, untilAt: clockHoldUntilAt })
  },
}
