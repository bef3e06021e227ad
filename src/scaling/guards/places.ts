import type { Decision, Guard, View } from '../../core/scaling.ts'
import { servers } from '../words.ts'
import { remark } from './adjust.ts'

/** Changes nothing: says what is missing, and where max has no place for what is wanted. */
export const places: Guard = {
  name: 'places',
  check(decision, view) {
    const says = [...missing(view), ...crowded(decision, view)]
    return says.reduce((said, text) => remark(said, 'guard:places', text), decision)
  },
}

function missing({ lost }: View): readonly string[] {
  return lost.length === 0 ? [] : [`${servers(lost.length)} unhealthy: capacity that is missing`]
}

function crowded({ want, have }: Decision, { room, fleet }: View): readonly string[] {
  const without = want - have - room
  return without <= 0
    ? []
    : [`max ${fleet.max} has no place for ${servers(without)} more: unhealthy and drained ones keep theirs`]
}
