import type { Guard } from '../../core/scaling.ts'
import { adjust } from './adjust.ts'

/** No further launch while launches fail, not even up to `min`: a server that cannot start would be launched every tick. */
export const backoff: Guard = {
  name: 'backoff',
  check(decision, { backoff, now }) {
    if (!backoff || backoff.untilAt <= now || decision.want <= decision.have) return decision
    const launches = backoff.failures === 1 ? '1 launch' : `${backoff.failures} launches`
    const says = `${launches} failed in a row (${backoff.why}); the next one waits`
    return adjust(decision, decision.have, { by: 'guard:backoff', says, untilAt: backoff.untilAt })
  },
}
