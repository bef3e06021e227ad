import type { FleetStatus } from '../../core/admin.ts'
import { formatDuration } from '../../core/units.ts'
import type { Context } from '../context.ts'
import { fleetPath, order } from '../order.ts'

/** `tidegate scale FLEET N --for 1h`: wants exactly N servers, inside min and max, for that long. */
export async function scale(
  context: Context,
  fleet: string,
  { desired, forMs }: { readonly desired: number; readonly forMs: number },
): Promise<number> {
  const { min, max } = await context.client.get<FleetStatus>(`/api/v1/fleets/${encodeURIComponent(fleet)}`)
  const body = { desired, untilAt: Math.round(context.clock.now() + forMs) }
  const bounded = Math.min(max, Math.max(min, desired))
  const limit = bounded === desired ? '' : ` (${desired} is outside ${min} to ${max}, its min and max)`
  const says = `${fleet} wants ${bounded} servers${limit} for ${formatDuration(forMs)} or until \`tidegate resume ${fleet}\``
  return await order(context, { method: 'PUT', path: fleetPath(fleet, 'desired'), body }, says)
}
