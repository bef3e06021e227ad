import type { Guard, ServerView } from '../../core/scaling.ts'
import { boundsOf } from '../bounds.ts'
import { adjust, remark } from './adjust.ts'

/** A balancer that is not as configured may admit nobody: servers that wait for it are paid for, and more of them would not help. */
export const admission: Guard = {
  name: 'admission',
  check(decision, view) {
    if (view.trouble === null || !view.servers.some(isWaiting)) return decision
    const by = 'guard:admission'
    const says = `servers wait to join, and none beyond min is launched: ${view.trouble}`
    const most = Math.max(decision.have, boundsOf(view).min.servers)
    return decision.want > most
      ? adjust(decision, most, { by, says, untilAt: null })
      : remark(decision, by, says)
  },
}

function isWaiting({ phase, state }: ServerView): boolean {
  return phase === 'running' && (state === 'starting' || state === 'checking')
}
