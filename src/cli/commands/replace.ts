import type { Context } from '../context.ts'
import { fleetPath, order } from '../order.ts'

/** `tidegate replace FLEET`: a new server in the place of each that there is now. */
export function replace(context: Context, fleet: string): Promise<number> {
  return order(
    context,
    { method: 'POST', path: fleetPath(fleet, 'replace') },
    `every server of ${fleet} is being replaced; \`tidegate status\` tells how far it has come`,
  )
}
