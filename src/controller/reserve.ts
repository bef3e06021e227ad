import type { View } from '../core/scaling.ts'

type Circumstances = Pick<View, 'fleet' | 'orders'>

/** How many are to be there where so many are wanted: the reserve comes on top, as far as max allows. Pure. */
export function withReserve(want: number, { fleet, orders }: Circumstances): number {
  if (isStopping(orders)) return want
  return Math.max(want, Math.min(want + fleet.reserve, fleet.max))
}

/** How many of so many a decision sees: one that saw the reserve would ask for as many more again. What is missing is missing in the reserve
 *  first. `before`: what was wanted last; null = nothing yet. Pure. */
export function withoutReserve(total: number, before: number | null, circumstances: Circumstances): number {
  if (isStopping(circumstances.orders)) return total
  const wanted = before ?? Math.max(0, total - circumstances.fleet.reserve)
  const surplus = total - withReserve(wanted, circumstances)
  return surplus > 0 ? wanted + surplus : Math.min(total, wanted)
}

function isStopping(orders: View['orders']): boolean {
  return orders.some(({ kind }) => kind === 'stop')
}
