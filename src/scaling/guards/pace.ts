import type { Pace } from '../../core/policy.ts'
import type { Decision, Guard, View } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { roundDown, roundUp } from '../round.ts'
import { servers } from '../words.ts'
import { adjust } from './adjust.ts'

type Direction = 'out' | 'in'

/** How far one entry lets the fleet go now. */
interface Reach {
  readonly start: number
  readonly limit: number
  readonly untilAt: Millis
  readonly perMs: Millis
}

/** Rate limits by direction, as the scaling policies of Kubernetes' HPA with `selectPolicy: Max`: within `perMs` so many servers or such
 *  a share of those at its beginning, whichever is more; always at least one. Follows from the stored intents. */
export const pace: Guard = {
  name: 'pace',
  check(decision, view) {
    const { outPace, inPace } = view.fleet.guards
    if (decision.want > decision.have) return slowed(decision, view, 'out', outPace)
    if (decision.want < decision.have) return slowed(decision, view, 'in', inPace)
    return decision
  },
}

function slowed(decision: Decision, view: View, direction: Direction, entries: readonly Pace[]): Decision {
  const sign = direction === 'out' ? 1 : -1
  const reaches = entries.map((entry) => reach(entry, view, direction))
  const [boldest] = reaches.toSorted((a, b) => sign * (b.limit - a.limit))
  if (!boldest) return decision
  const { start, limit, untilAt, perMs } = boldest
  // Neither further than asked nor, when the fleet has passed the limit by other ways, back.
  const want =
    direction === 'out'
      ? Math.max(decision.have, Math.min(decision.want, limit))
      : Math.min(decision.have, Math.max(decision.want, limit))
  const bound = direction === 'out' ? 'at most' : 'at least'
  const says = `within ${formatDuration(perMs)} from ${servers(start)} to ${bound} ${limit}: ${inWords(entries)}`
  return adjust(decision, want, { by: 'guard:pace', says, untilAt })
}

function reach(entry: Pace, view: View, direction: Direction): Reach {
  const within = view.changes.filter(({ at }) => at > view.now - entry.perMs)
  const start = startOf(within, view, direction, entry.perMs)
  const amount = 'servers' in entry ? entry.servers : share(start, entry.ratio, direction)
  const limit = direction === 'out' ? start + amount : Math.max(0, start - amount)
  return { start, limit, untilAt: (within[0]?.at ?? view.now) + entry.perMs, perMs: entry.perMs }
}

/** What the fleet had when the time began. For launches at least what it was meant to have: to refill what has died is no growth. */
function startOf(within: View['changes'], view: View, direction: Direction, perMs: Millis): number {
  const had = within[0]?.from ?? view.have
  // By their instants: after the clock was set back they are in no order.
  const before = view.changes.findLast(({ at }) => at <= view.now - perMs)
  return direction === 'out' && before ? Math.max(had, before.to) : had
}

function share(start: number, ratio: number, direction: Direction): number {
  return Math.max(1, direction === 'out' ? roundUp(start * ratio) : roundDown(start * ratio))
}

function inWords(entries: readonly Pace[]): string {
  return entries
    .map((entry) => {
      const amount =
        'servers' in entry ? servers(entry.servers) : `${Number((entry.ratio * 100).toFixed(1))}%`
      return `${amount} per ${formatDuration(entry.perMs)}`
    })
    .join(' or ')
}
