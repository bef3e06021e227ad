import type { Guard } from '../../core/scaling.ts'
import { adjust } from './adjust.ts'

/** No further launch while launches fail, not even up to `min`: a server that cannot start would be launched every tick. Draining
 *  servers may still be taken back. */
export const backoff: Guard = {
  name: 'backoff',
  check(decision, { backoff, resumable, now }) {
    const most = decision.have + resumable.length
    if (!backoff || backoff.untilAt <= now || decision.want <= most) return decision
    const says = `${backoff.why}; the next launch waits`
    return adjust(decision, most, { by: 'guard:backoff', says, untilAt: backoff.untilAt })
  },
}
