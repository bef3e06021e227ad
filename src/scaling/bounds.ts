import type { Window } from '../core/calendar.ts'
import type { View } from '../core/scaling.ts'
import type { Millis } from '../core/time.ts'
import { isOpen, nameOf } from '../core/windows.ts'

/** How many servers at least, or at most; whose word that is, and when it ends by itself. */
export interface Bound {
  readonly servers: number
  /** `min`, `max of schedule night`, `min of event sale`. */
  readonly of: string
  readonly untilAt: Millis | null
}

/** The fleet's own limits, narrowed by every window that is open: the highest min and the lowest max. The fleet's own are never widened. */
export function boundsOf(view: View): { readonly min: Bound; readonly max: Bound } {
  const min = [{ servers: view.fleet.min, of: 'min', untilAt: null }, ...windowBounds('min', view)]
  const max = [{ servers: view.fleet.max, of: 'max', untilAt: null }, ...windowBounds('max', view)]
  return {
    min: min.reduce((highest, bound) => (bound.servers > highest.servers ? bound : highest)),
    max: max.reduce((lowest, bound) => (bound.servers < lowest.servers ? bound : lowest)),
  }
}

/** Those of the calendar that are open now. */
export function openWindows({ calendar, now }: View): readonly Window[] {
  return calendar.filter((window) => isOpen(window, now))
}

function windowBounds(kind: 'min' | 'max', view: View): readonly Bound[] {
  return openWindows(view).flatMap((window): Bound[] => {
    const servers = window[kind]
    return servers === null ? [] : [{ servers, of: `${kind} of ${nameOf(window)}`, untilAt: window.endAt }]
  })
}
