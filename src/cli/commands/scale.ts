import { formatDuration } from '../../core/units.ts'
import type { Context } from '../context.ts'
import { fleetPath, order } from '../order.ts'

/** `tidegate scale FLEET N --for 1h`: wants exactly N servers, inside min and max, for that long. */
export function scale(
  context: Context,
  fleet: string,
  { desired, forMs }: { readonly desired: number; readonly forMs: number },
): Promise<number> {
  const body = { desired, untilAt: Math.round(context.clock.now() + forMs) }
  const says = `${fleet} wants ${desired} servers, inside its min and max, for ${formatDuration(forMs)} or until \`tidegate resume ${fleet}\``
  return order(context, { method: 'PUT', path: fleetPath(fleet, 'desired'), body }, says)
}
