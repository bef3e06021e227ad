import type { Orders } from '../../core/admin.ts'
import { CANARY_ACTIONS, type CanaryAction } from '../../core/canary.ts'
import { type Route, route } from '../route.ts'

const SUMMARIES: Readonly<Record<CanaryAction, string>> = {
  promote: 'Give every request of a canary’s rule to the new pool at once',
  abort: 'Give every request of a canary’s rule back to the old pool',
  hold: 'Keep the share of a canary, until `resume`; one that is worse is rolled back all the same',
  resume: 'Let a canary that is held go on, or one that was rolled back begin anew',
}

/** How far canaries have come is with their balancer: `GET /api/v1/balancers`. */
export function canaryRoutes(orders: Orders): Route[] {
  return CANARY_ACTIONS.map((action) =>
    route({
      method: 'POST',
      path: `/api/v1/canaries/{name}/${action}`,
      summary: SUMMARIES[action],
      answer: async ({ params: { name }, by }) => {
        await orders.canary(name, action, by)
        return { canary: name, action }
      },
    }),
  )
}
