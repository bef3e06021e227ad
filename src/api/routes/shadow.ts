import type { Orders, Queries } from '../../core/admin.ts'
import { type Route, route } from '../route.ts'

/** Of a configuration of 1 MiB as JSON. */
const BODY_BYTES = 4 * 2 ** 20

export function shadowRoutes(queries: Queries, orders: Orders): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/shadow',
      summary: 'The configuration that decides beside the active one; /fleets has how both compare',
      answer: () => ({ about: queries.shadow() }),
    }),
    route({
      method: 'PUT',
      path: '/api/v1/shadow',
      summary: 'Let the fleets of a configuration decide beside the active one; nothing is done of it',
      bodyBytes: BODY_BYTES,
      unkept: ['text'],
      body: {
        file: { description: 'its name, for messages', type: 'string', required: true },
        text: { description: 'all of it, YAML', type: 'string', required: true },
      },
      answer: async ({ body, by }) => ({ about: await orders.startShadow(body, by) }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/shadow/stop',
      summary: 'End it',
      answer: async ({ by }) => {
        await orders.stopShadow(by)
        return { about: null }
      },
    }),
  ]
}
