import type { Millis } from '../core/time.ts'
import type { FaultOf, FaultRule } from './fault-rule.ts'
import { drawn, type World } from './world.ts'

/** Whether a fault of this kind strikes now, which chance decides by its share. */
export function strikes<K extends FaultRule['fault']['kind']>(
  world: World,
  kind: K,
  {
    now,
    operation,
    fits = () => true,
  }: { now: Millis; operation?: string; fits?: (fault: FaultOf<K>) => boolean },
): readonly [World, FaultOf<K> | null] {
  let after = world
  for (const { fault, share, untilAt, operation: only } of world.faults) {
    if (fault.kind !== kind || untilAt <= now || (only !== undefined && only !== operation)) continue
    if (!fits(fault as FaultOf<K>)) continue
    const [next, chance] = drawn(after)
    after = next
    if (chance < share) return [after, fault as FaultOf<K>]
  }
  return [after, null]
}
