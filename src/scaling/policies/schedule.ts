import type { CalendarPolicySpec, SchedulePolicySpec } from '../../core/policy.ts'
import type { Opinion, ScalingPolicy, View } from '../../core/scaling.ts'
import { nameOf, termsOf } from '../../core/windows.ts'
import { boundsOf, openWindows } from '../bounds.ts'

/** Policies that go by the calendar do not count servers: while a window is open they narrow the limits (guard `limits`) or raise a floor
 *  (guard `calendar`), and no patience delays that. Where nobody else has an opinion, theirs is the lowest number that is
 *  allowed, or a fleet would stay at what the last window brought. */
export function schedulePolicy(spec: SchedulePolicySpec | CalendarPolicySpec): ScalingPolicy {
  return { name: spec.name, metrics: [], lookBackMs: 0, opine: (view) => opine(spec, view) }
}

function opine({ name }: SchedulePolicySpec | CalendarPolicySpec, view: View): Opinion {
  const open = openWindows(view).filter(({ policy }) => policy === name)
  const why =
    open.length === 0
      ? 'no window is open'
      : open.map((window) => `${nameOf(window)} is open: ${termsOf(window)}`).join('; ')
  const alone = view.fleet.policies.every(({ type }) => type === 'schedule' || type === 'calendar')
  const want = alone ? boundsOf(view).min.servers : null
  return { policy: name, want, why, trace: null }
}
