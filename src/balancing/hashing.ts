import { eligible, type Field, type Picker } from './field.ts'
import { mix } from './hash.ts'
import { fillMaglev, TABLE_SIZE } from './maglev.ts'

/** Slots looked at for one request before all members are. */
const JUMPS = 32

/**
 * The same key goes to the same member, by a Maglev table. `bound`: with it no member has more than that share of the mean load
 * (Mirrokni et al., "Consistent hashing with bounded loads", 2016); who is full or not to be had is passed over by a random jump, not
 * to the neighbour, so that one full member does not fill the next (Chen et al. 2019, as Envoy does).
 */
export function hashing(bound: number | null): Picker {
  const table = new Int16Array(TABLE_SIZE)
  let generation = Number.NaN
  let total = 0

  function adapt(field: Field): void {
    if (field.generation === generation) return
    generation = field.generation
    total = 0
    for (let i = 0; i < field.size; i++) total += field.steadyWeight(i)
    const { size } = field
    fillMaglev(table, { size, identity: (i) => field.identity(i), weight: (i) => field.steadyWeight(i) })
  }

  function hasRoom(field: Field, i: number): boolean {
    if (bound === null) return true
    const fair = ((field.totalInFlight + 1) * field.steadyWeight(i)) / total
    return field.inFlight(i) + 1 <= Math.ceil(bound * fair)
  }

  return {
    pick(field: Field, tried: ReadonlySet<number> | null, key: number): number {
      if (field.size === 0) return -1
      adapt(field)
      if (total === 0) return anyone(field, tried, key)
      let jump = key
      for (let at = 0; at < JUMPS; at++) {
        const i = table[jump % TABLE_SIZE]!
        if (eligible(field, tried, i) && hasRoom(field, i)) return i
        jump = mix(jump + at + 1)
      }
      return anyone(field, tried, key)
    },
  }
}

/** The first eligible member from a place that the key says. */
function anyone(field: Field, tried: ReadonlySet<number> | null, key: number): number {
  for (let step = 0; step < field.size; step++) {
    const i = (key + step) % field.size
    if (eligible(field, tried, i)) return i
  }
  return -1
}
