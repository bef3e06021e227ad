import type { Guard } from '../../core/scaling.ts'
import { nameOf } from '../../core/windows.ts'
import { openWindows } from '../bounds.ts'
import { roundUp } from '../round.ts'
import { servers } from '../words.ts'
import { adjust } from './adjust.ts'

/** A floor under what the policies want while an event is open that expects `multiplier` times the load: so many times the servers that
 *  were wanted when it opened. That number is kept until no such event is open, so that neither the load that comes with the event nor the
 *  servers that it brought are multiplied in their turn; an event that opens while another is open counts from the same number, and the
 *  highest multiplier wins. A controller that first looks when the event is on counts from what it finds. */
export const calendar: Guard = {
  name: 'calendar',
  check(decision, view) {
    const [boldest] = openWindows(view)
      .filter((window) => window.multiplier !== null)
      .sort((a, b) => b.multiplier! - a.multiplier!)
    if (!boldest) return decision
    const before = view.past.beforeEvents ?? Math.max(decision.want, view.fleet.min)
    const floor = roundUp(before * boldest.multiplier!)
    const says = `${nameOf(boldest)} expects ${boldest.multiplier} times the load that ${servers(before)} had before it`
    const because = { by: 'guard:calendar', says, untilAt: boldest.endAt }
    return { ...adjust(decision, Math.max(decision.want, floor), because), beforeEvents: before }
  },
}
