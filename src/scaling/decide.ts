import type { Decision, Guard, Opinion, Reason, ScalingPolicy, View } from '../core/scaling.ts'
import { admission } from './guards/admission.ts'
import { backoff } from './guards/backoff.ts'
import { blind } from './guards/blind.ts'
import { budget } from './guards/budget.ts'
import { calendar } from './guards/calendar.ts'
import { clock } from './guards/clock.ts'
import { cooldown } from './guards/cooldown.ts'
import { effect } from './guards/effect.ts'
import { flapBudget } from './guards/flap-budget.ts'
import { freshness } from './guards/freshness.ts'
import { limits } from './guards/limits.ts'
import { pause, pin, stopped } from './guards/orders.ts'
import { pace } from './guards/pace.ts'
import { patience } from './guards/patience.ts'
import { places } from './guards/places.ts'

/** Who may bound the policies' wish, in this order:
 *
 *  - patience, freshness, cooldown, flap budget, pace, effect, clock slow the policies down: what they ask may wait;
 *  - calendar comes after those, because an event does not wait;
 *  - budget holds all of these, and nobody who comes after it: what is left of the money is no reason to disobey an operator or to go below min;
 *  - pin comes then, because an operator's word is not to be waited for;
 *  - limits come after everybody who asks for a number: nobody leaves min and max, and min needs no patience;
 *  - places only says what limits cannot know: which servers are missing, and that theirs are not free;
 *  - admission, backoff, pause and blind come last, and may keep a fleet below min: launching what cannot start, changing what an operator
 *    has forbidden or what nobody can see does more harm than too few servers. They only ever keep what there is.
 *
 *  The order `stop` passes all of them. */
export const GUARDS: readonly Guard[] = [
  patience,
  freshness,
  cooldown,
  flapBudget,
  pace,
  effect,
  clock,
  calendar,
  budget,
  pin,
  limits,
  places,
  admission,
  backoff,
  pause,
  blind,
]

/** How many servers there should be, and every reason for it. Pure: the same view gives the same decision. Scale-out takes the boldest
 *  opinion, so scale-in happens only when every policy that has an opinion agrees. */
export function decide(
  view: View,
  policies: readonly ScalingPolicy[],
  guards: readonly Guard[] = GUARDS,
): Decision {
  const proposed = propose(view.have, policies, view)
  const decided =
    stopped(proposed, view) ??
    guards.reduce((decision, guard) => guard.check(decision, view, policies), proposed)
  return priced(decided, view)
}

function priced(decision: Decision, { cost }: View): Decision {
  const change = decision.want - decision.have
  const each = cost?.each ?? null
  return each === null || change === 0 ? decision : { ...decision, costPerHour: change * each }
}

/** Who is to be written down as having asked for the change: an order, else the reason that last left `have` in its direction; `none`
 *  when there is no change. A step policy finds its own firing in `view.changes` by this. */
export function askedBy({ have, want, because }: Decision): string {
  const direction = Math.sign(want - have)
  if (direction === 0) return 'none'
  const asked = because.findLast(({ by, from, to }) => {
    const leaves = Math.sign(from - have) !== direction || (by.startsWith('order:') && from !== to)
    return leaves && Math.sign(to - have) === direction
  })
  return asked?.by ?? 'none'
}

function propose(have: number, policies: readonly ScalingPolicy[], view: View): Decision {
  const opinions = policies.map((policy) => policy.opine(view))
  const voiced = opinions.filter(({ want }) => want !== null).sort((a, b) => b.want! - a.want!)
  const [winner, ...others] = voiced
  if (!winner || (winner.want! <= have && onlyAhead(policies, opinions))) {
    const because = [...silence(have, opinions), ...voiced.map((one) => unheeded(one, have))]
    return { have, want: have, because, opinions, raw: null }
  }
  const raw = winner.want!
  const because = [
    { by: `policy:${winner.policy}`, from: have, to: raw, says: winner.why, untilAt: null },
    ...others.map((other) => outvoted(other, raw)),
  ]
  return { have, want: raw, because, opinions, raw }
}

/** What is known of the time ahead is a floor under the others: where none of those has an opinion, it retires nothing. */
function onlyAhead(policies: readonly ScalingPolicy[], opinions: readonly Opinion[]): boolean {
  return opinions.every(({ want }, index) => want === null || policies[index]!.looksAhead !== undefined)
}

/** What those lack that have no opinion. */
function silence(have: number, opinions: readonly Opinion[]): readonly Reason[] {
  const abstaining = opinions.filter(({ want }) => want === null)
  if (opinions.length > 0 && abstaining.length === 0) return []
  const each = abstaining.map(({ policy, why }) => `${policy}: ${why}`).join('; ')
  const says = opinions.length === 0 ? 'the fleet has no policy' : `no policy asks for a change: ${each}`
  return [{ by: 'none', from: have, to: have, says, untilAt: null }]
}

function unheeded({ policy, want, why }: Opinion, have: number): Reason {
  const says = `wanted ${want}, but who only looks ahead retires nothing by itself: ${why}`
  return { by: `policy:${policy}`, from: have, to: have, says, untilAt: null }
}

/** It changed nothing, so from and to are the winner's number. */
function outvoted({ policy, want, why }: Opinion, raw: number): Reason {
  const says = want === raw ? `agrees: ${why}` : `wanted ${want}, the boldest wins: ${why}`
  return { by: `policy:${policy}`, from: raw, to: raw, says, untilAt: null }
}
