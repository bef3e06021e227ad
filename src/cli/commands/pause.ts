import type { Context } from '../context.ts'
import { fleetPath, order } from '../order.ts'

export const DIRECTIONS = ['in', 'out', 'both'] as const

/** `tidegate pause FLEET`: no scaling in that direction, until `resume`. */
export function pause(
  context: Context,
  fleet: string,
  direction: (typeof DIRECTIONS)[number],
): Promise<number> {
  const what = direction === 'both' ? 'in and out' : direction
  return order(
    context,
    { method: 'POST', path: fleetPath(fleet, 'pause'), body: { direction } },
    `${fleet} does not scale ${what} until \`tidegate resume ${fleet}\``,
  )
}
