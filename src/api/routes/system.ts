import type { Orders, Queries } from '../../core/admin.ts'
import { type Route, route } from '../route.ts'

const SERVER = '/api/v1/servers/{id}'

export function systemRoutes(queries: Queries, orders: Orders): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/about',
      summary: 'Version, installation, state directory and configuration',
      answer: () => queries.about(),
    }),
    route({
      method: 'GET',
      path: '/api/v1/plan',
      summary: 'What the next tick of each fleet would do, and why; changes nothing',
      answer: async () => ({ items: await queries.plan(), next: null }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/balancers',
      summary:
        'Where each balancer listens, and what is to be bought or changed of those that the file orders',
      answer: async () => ({ items: await queries.balancers(), next: null }),
    }),
    route({
      method: 'POST',
      path: `${SERVER}/drain`,
      summary: 'Take a server out of every pool, until `ready`',
      answer: async ({ params, by }) => {
        await orders.drainServer(params.id, by)
        return { server: params.id }
      },
    }),
    route({
      method: 'POST',
      path: `${SERVER}/ready`,
      summary: 'Let a drained server serve again',
      answer: async ({ params, by }) => {
        await orders.readyServer(params.id, by)
        return { server: params.id }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/reload',
      summary: 'Load the configuration anew; a bad one is refused and the old one stays',
      answer: async ({ by }) => {
        const warnings = await orders.reload(by)
        return { config: queries.about().config, warnings }
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/stop',
      summary: 'Drain and stop every server; /fleets shows the progress',
      answer: async ({ by }) => {
        await orders.stop(by)
        return {}
      },
    }),
  ]
}
