import { type Carried, carriedOf } from '../../core/carried.ts'
import type { View } from '../../core/scaling.ts'

/** What one server is to carry, in the base unit of the metric; or why that is not known, in a sentence. */
export function carriedIn(
  carried: Carried,
  { capacityRps }: Pick<View, 'capacityRps'>,
): { readonly value: number } | { readonly why: string } {
  const value = carriedOf(carried, capacityRps)
  return value === null
    ? {
        why: `${carried.metric}: what a server can carry is not known yet; the fleet's capacity in the file would tell`,
      }
    : { value }
}
