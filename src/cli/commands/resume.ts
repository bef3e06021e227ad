import type { Context } from '../context.ts'
import { fleetPath, order } from '../order.ts'

/** `tidegate resume FLEET`: takes `pause` and `scale` back. */
export function resume(context: Context, fleet: string): Promise<number> {
  return order(
    context,
    { method: 'POST', path: fleetPath(fleet, 'resume') },
    `${fleet} scales by its policies again`,
  )
}
