import type { Orders } from '../../core/admin.ts'
import { TUNING_ACTIONS, type TuningAction } from '../../core/tuning.ts'
import { type Route, route } from '../route.ts'

const SUMMARIES: Readonly<Record<TuningAction, string>> = {
  apply: 'Apply the first step of what is proposed for a fleet’s settings',
  revert: 'Take back all that is tuned of a fleet: the settings of the file hold again',
  hold: 'Apply nothing of a fleet’s tuning by itself, until `resume`; what turns out worse is taken back all the same',
  resume: 'Let what is tuned be applied by itself again, also what was taken back before',
}

/** How far a fleet is tuned is with the fleet: `GET /api/v1/fleets/{name}`. */
export function tuningRoutes(orders: Orders): Route[] {
  return TUNING_ACTIONS.map((action) =>
    route({
      method: 'POST',
      path: `/api/v1/fleets/{name}/tuning/${action}`,
      summary: SUMMARIES[action],
      answer: async ({ params: { name }, by }) => {
        await orders.tuning(name, action, by)
        return { fleet: name, action }
      },
    }),
  )
}
