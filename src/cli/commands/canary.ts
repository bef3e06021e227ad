import type { CanaryAction } from '../../core/canary.ts'
import type { Context } from '../context.ts'
import { order } from '../order.ts'

/** `tidegate canary NAME promote|abort|hold|resume`. */
export function canary(context: Context, name: string, action: CanaryAction): Promise<number> {
  return order(
    context,
    { method: 'POST', path: `/api/v1/canaries/${encodeURIComponent(name)}/${action}` },
    `canary ${name} gets this order with the next look; \`tidegate status\` tells how far it has come`,
  )
}
