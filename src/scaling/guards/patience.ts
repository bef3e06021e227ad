import type { Decision, Guard, View, Want } from '../../core/scaling.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { gapLimitMs, unbrokenFrom } from '../past.ts'
import { servers } from '../words.ts'
import { adjust } from './adjust.ts'

/** Stabilization, as in Kubernetes' HPA: scale-in goes to the highest number that was wanted within `inPatienceMs`, scale-out to the
 *  lowest within `outPatienceMs`, neither past what the fleet has. Scale-in also waits until a whole window has been watched. */
export const patience: Guard = {
  name: 'patience',
  check(decision, view) {
    const { raw, have } = decision
    if (raw === null || raw === have) return decision
    return raw < have ? slowIn(decision, view) : slowOut(decision, view)
  },
}

function slowIn(decision: Decision, view: View): Decision {
  const windowMs = view.fleet.guards.inPatienceMs
  const window = windowOf(view, windowMs).map(({ at, ...past }) => ({ at, want: placesOf(past, view) }))
  const highest = Math.max(decision.want, ...window.map(({ want }) => want))
  const want = Math.min(decision.have, highest)
  const since = watchedSince(view, windowMs)
  if (view.now - since < windowMs) {
    const says = `scale-in waits until the load has been watched for ${formatDuration(windowMs)}`
    const untilAt = Math.max(since, lastAt(window, (past) => past >= decision.have) ?? since) + windowMs
    return adjust(decision, decision.have, { by: 'guard:patience', says, untilAt })
  }
  const says = `${servers(highest)} wanted within the last ${formatDuration(windowMs)}`
  const untilAt = (lastAt(window, (past) => past >= want) ?? view.now) + windowMs
  return adjust(decision, want, { by: 'guard:patience', says, untilAt })
}

function slowOut(decision: Decision, view: View): Decision {
  const windowMs = view.fleet.guards.outPatienceMs
  const window = windowOf(view, windowMs)
  const lowest = Math.min(decision.want, ...window.map(({ want }) => want))
  const want = Math.max(decision.have, lowest)
  const says = `only ${servers(lowest)} wanted within the last ${formatDuration(windowMs)}`
  const untilAt = (lastAt(window, (past) => past <= want) ?? view.now) + windowMs
  return adjust(decision, want, { by: 'guard:patience', says, untilAt })
}

/** What was wanted of servers that carry, with a place for each that was missing then and has come back: it may fall ill again. Whoever is
 *  missing only since then carried, and what was wanted of it is wanted still. */
function placesOf({ want, missing = 0 }: Omit<Want, 'at'>, view: View): number {
  return want + Math.max(0, missing - view.missing)
}

function windowOf(view: View, windowMs: Millis): readonly Want[] {
  return view.past.wants.filter(({ at }) => at > view.now - windowMs)
}

/** When the newest want that matters leaves the window, the number may move: not before. */
function lastAt(window: readonly Want[], matters: (want: number) => boolean): Millis | null {
  return window.findLast(({ want }) => matters(want))?.at ?? null
}

/** Since when the fleet has been watched without a break. A controller that was away for a while has not seen that nobody wanted more;
 *  policies that abstain leave no wants, but the samples show that somebody was looking. A break is a gap that is also
 *  longer than a quarter of the window, so that one slow tick does not cost another five minutes. */
function watchedSince(view: View, windowMs: Millis): Millis {
  const looks: readonly (readonly { readonly at: Millis }[])[] = [
    view.past.wants,
    ...Object.values(view.past.samples),
  ]
  const starts = looks.map((look) => {
    const instants = look.map(({ at }) => at)
    const limitMs = Math.max(gapLimitMs(instants), windowMs / 4)
    return instants[unbrokenFrom(instants, view.now, limitMs)] ?? view.now
  })
  return Math.min(view.now, ...starts)
}
