import { hash64 } from '../core/hash.ts'
import type { Decision } from '../core/scaling.ts'
import type { Intent } from '../core/step.ts'
import type { Millis } from '../core/time.ts'
import type { Planned } from './planned.ts'
import type { FleetView } from './view.ts'

const LONGEST = 64
/** Room for a dot and a sequence: 13 digits until the year 2286. */
const SEQUENCE = 14

/** Who makes the tokens, and the highest sequence that it has used. */
export interface Sequence {
  readonly installation: string
  readonly last: number
}

/** The steps with tokens that name them for ever: `installation.fleet.sequence`. Sequences follow the clock, so that a lost state
 *  directory recycles none. Pure. */
export function intend(
  planned: readonly Planned[],
  decision: Decision,
  view: FleetView,
  sequence: Sequence,
): readonly Intent[] {
  const fleet = view.fleet.name
  const first = Math.max(sequence.last + 1, Math.floor(Math.max(view.now, orderedAt(view))))
  return planned.map(({ step, by, change }, index) => ({
    token: `${prefixOf(sequence.installation, fleet)}.${first + index}`,
    fleet,
    step,
    at: view.now,
    have: view.have,
    want: change ? decision.want : view.have,
    by,
  }))
}

/** When the newest order to replace was given. What is launched under it comes after it, even when the clock has been set back since: or
 *  it would count as old, and be replaced for ever. */
function orderedAt({ orders }: FleetView): Millis {
  return orders.findLast(({ kind }) => kind === 'replace')?.at ?? 0
}

/** Names that would not fit in 64 ASCII characters are hashed. */
function prefixOf(installation: string, fleet: string): string {
  const name = `${installation}.${fleet}`
  const fits = name.length + SEQUENCE <= LONGEST && /^[\x21-\x7e]+$/.test(name)
  return fits ? name : hash64(name)
}
