import type { Decision } from '../core/scaling.ts'
import { planChange } from './plan-change.ts'
import { planUpkeep } from './plan-upkeep.ts'
import type { Planned } from './planned.ts'
import { taken } from './taken.ts'
import type { FleetView } from './view.ts'

/** What is to be done now so that the world comes to be as decided. Nothing while any of it cannot be seen, or the
 *  journal does not take what has become of earlier steps. Pure. */
export function plan(decision: Decision, view: FleetView): readonly Planned[] {
  if (view.blind.length > 0 || view.measured.isBehind) return []
  const covered = taken(view)
  const change = planChange(decision, view, covered)
  const kept = view.servers.filter((server) => !change.ids.has(server.id))
  return [...change.steps, ...planUpkeep(kept, view, covered)]
}
