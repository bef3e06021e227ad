import type { Calendar } from '../core/calendar.ts'
import { messageOf } from '../core/fault.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Decision, Past, ScalingPolicy, View } from '../core/scaling.ts'
import { NO_TALLY, type ShadowMemory } from '../core/shadow.ts'
import type { Millis } from '../core/time.ts'
import { windowsOf } from '../core/windows.ts'
import { decide } from '../scaling/decide.ts'
import { nextPast } from './past.ts'
import type { FleetView } from './view.ts'

/** Whatever was meanwhile, nobody knows what either would have wanted. */
const GAP_MS: Millis = 60_000
const HOUR_MS: Millis = 3_600_000

/** A fleet as another configuration has it. */
export interface ShadowSettings {
  readonly id: string
  readonly fleet: FleetSpec
  readonly policies: readonly ScalingPolicy[]
}

/** What a shadow made of a tick. */
export interface Shaded {
  readonly memory: ShadowMemory
  /** null = it has failed. */
  readonly decision: Decision | null
  /** Why it failed in this very tick. */
  readonly failure: string | null
}

/** What the other configuration would decide if it were loaded in this very tick, but for its own past wants. It sees what was measured for the
 *  active one, stands where that one's fleet stands, and its own decisions change nothing of that. Whatever goes wrong in it stays in it. */
export function shade(
  view: FleetView,
  active: Decision,
  shadow: ShadowSettings | null,
  calendar: Calendar,
): Shaded | null {
  if (shadow === null) return null
  const before = begun(view, shadow)
  if (before.failed !== null) return { memory: before, decision: null, failure: null }
  try {
    const seen = viewOf(view, shadow, before.past, calendar)
    const decision = decide(seen, shadow.policies)
    const past = nextPast(seen, decision, shadow.policies, view.measured.besides)
    return { memory: { ...counted(before, view, active, decision), past }, decision, failure: null }
  } catch (error) {
    const failed = messageOf(error)
    return { memory: { ...before, failed }, decision: null, failure: failed }
  }
}

/** It begins with what the active one remembers, as after a reload. */
function begun({ now, past, measured }: FleetView, { id }: ShadowSettings): ShadowMemory {
  const before = measured.memory.shadow
  // What an older version wrote has not all of it.
  if (before?.id === id) return { ...NO_TALLY, ...before }
  return { ...NO_TALLY, id, past, seenAt: now, wants: null, failed: null }
}

function viewOf(view: FleetView, { fleet }: ShadowSettings, past: Past, calendar: Calendar): View {
  const taken = view.fleet.max - view.room
  return {
    ...view,
    fleet,
    past,
    room: Math.max(0, fleet.max - taken),
    capacityRps: fleet.capacityRps ?? view.measured.surelyRps,
    readings: { ...(view.measured.besides as View['readings']), ...view.readings },
    calendar: windowsOf(fleet.policies, calendar, view.now),
  }
}

function counted(
  before: ShadowMemory,
  { now, blind, cost }: FleetView,
  active: Decision,
  shadow: Decision,
): ShadowMemory {
  if (blind.length > 0) return { ...before, seenAt: now, wants: null }
  const { wants } = before
  const sinceMs = now - before.seenAt
  const lastedMs = wants !== null && sinceMs > 0 && sinceMs <= GAP_MS ? sinceMs : 0
  const [serverMs, activeServerMs] = [(wants?.shadow ?? 0) * lastedMs, (wants?.active ?? 0) * lastedMs]
  const each = (cost?.each ?? 0) / HOUR_MS
  return {
    ...before,
    seenAt: now,
    wants: { shadow: shadow.want, active: active.want },
    ticks: before.ticks + 1,
    more: before.more + Number(shadow.want > active.want),
    fewer: before.fewer + Number(shadow.want < active.want),
    serverMs: before.serverMs + serverMs,
    activeServerMs: before.activeServerMs + activeServerMs,
    comparedMs: before.comparedMs + lastedMs,
    cost: before.cost + serverMs * each,
    activeCost: before.activeCost + activeServerMs * each,
    changes: before.changes + Number(wants !== null && wants.shadow !== shadow.want),
    activeChanges: before.activeChanges + Number(wants !== null && wants.active !== active.want),
    refused: before.refused + Number(isRefused(shadow)),
    activeRefused: before.activeRefused + Number(isRefused(active)),
  }
}

function isRefused({ raw, want }: Decision): boolean {
  return raw !== null && want < raw
}
