import { eligible, type Field, type Picker } from './field.ts'

/** The first member, as long as it has room, then the second: the others stay free, and may be stopped (HAProxy's `first`). */
export function first(): Picker {
  return {
    pick(field: Field, tried: ReadonlySet<number> | null): number {
      for (let i = 0; i < field.size; i++) if (eligible(field, tried, i)) return i
      return -1
    },
  }
}
