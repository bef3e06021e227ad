import type { TuningAction } from '../../core/tuning.ts'
import type { Context } from '../context.ts'
import { order } from '../order.ts'

/** `tidegate tuning FLEET apply|revert|hold|resume`. */
export function tuning(context: Context, fleet: string, action: TuningAction): Promise<number> {
  return order(
    context,
    { method: 'POST', path: `/api/v1/fleets/${encodeURIComponent(fleet)}/tuning/${action}` },
    `the tuning of ${fleet} gets this order with the next look; \`tidegate status\` tells what holds`,
  )
}
