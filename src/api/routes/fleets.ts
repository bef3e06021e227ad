import type { Orders, Queries } from '../../core/admin.ts'
import { userFault } from '../../core/fault.ts'
import { INSTANT } from '../../core/instant.ts'
import type { Clock } from '../../core/time.ts'
import { type Route, route } from '../route.ts'
import { instantOf } from './instants.ts'
import { UNTIL_AT } from './until.ts'

const PIN_MS = 3_600_000
const COST_MS = 24 * 3_600_000
const FLEET = '/api/v1/fleets/{name}'

interface Ports {
  readonly queries: Queries
  readonly orders: Orders
  readonly clock: Clock
}

export function fleetRoutes(ports: Ports): Route[] {
  return [...readRoutes(ports), ...orderRoutes(ports)]
}

function readRoutes({ queries, clock }: Ports): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/fleets',
      summary: 'Every fleet with its servers',
      answer: async () => ({ items: await queries.fleets(), next: null }),
    }),
    route({
      method: 'GET',
      path: FLEET,
      summary: 'One fleet with its servers',
      answer: async ({ params }) => {
        const fleets = await queries.fleets()
        const fleet = fleets.find(({ name }) => name === params.name)
        if (fleet) return fleet
        const known = fleets.map(({ name }) => name).join(', ') || 'none'
        throw userFault('not-found', `no fleet is called "${params.name}"; fleets: ${known}`)
      },
    }),
    route({
      method: 'GET',
      path: `${FLEET}/cost`,
      summary:
        'What a fleet has cost over a time, beside a fixed fleet, the least possible, and its bursts alone',
      query: {
        from: { description: `default: 24 hours before \`to\`; ${INSTANT}`, type: 'string' },
        to: { description: `default: now; ${INSTANT}`, type: 'string' },
      },
      answer: async ({ params, query }) => {
        const now = clock.now()
        const toAt = instantOf('to', query.to, now) ?? now
        const fromAt = instantOf('from', query.from, now) ?? toAt - COST_MS
        return await queries.cost({ fleet: params.name, fromAt, toAt })
      },
    }),
  ]
}

export function alertsRoute(queries: Queries): Route {
  return route({
    method: 'GET',
    path: '/api/v1/alerts',
    summary: 'Alerts that are raised, of every fleet',
    answer: async () => ({
      items: (await queries.fleets()).flatMap(({ name: fleet, alerts }) =>
        alerts.map((alert) => ({ fleet, ...alert })),
      ),
      next: null,
    }),
  })
}

function orderRoutes({ orders, clock }: Ports): Route[] {
  return [
    route({
      method: 'POST',
      path: `${FLEET}/pause`,
      summary: 'Stop scaling in, out or both, until `resume`',
      body: {
        direction: { description: 'default: both', type: 'string', values: ['in', 'out', 'both'] },
      },
      answer: async ({ params, body, by }) => {
        const direction = body.direction ?? 'both'
        await orders.pause(params.name, direction, by)
        return { fleet: params.name, direction }
      },
    }),
    route({
      method: 'POST',
      path: `${FLEET}/resume`,
      summary: 'Scale again by policy',
      answer: async ({ params, by }) => {
        await orders.resume(params.name, by)
        return { fleet: params.name }
      },
    }),
    route({
      method: 'POST',
      path: `${FLEET}/replace`,
      summary: 'Put a new server in the place of each that there is now, one batch after another',
      answer: async ({ params, by }) => {
        await orders.replace(params.name, by)
        return { fleet: params.name }
      },
    }),
    route({
      method: 'PUT',
      path: `${FLEET}/desired`,
      summary: 'Want exactly this many servers, inside min and max; for an hour when `untilAt` is absent',
      body: {
        desired: {
          description: 'the number of servers',
          type: 'integer',
          minimum: 0,
          maximum: 100_000,
          required: true,
        },
        untilAt: UNTIL_AT,
      },
      answer: async ({ params, body, by }) => {
        const untilAt = body.untilAt === undefined ? Math.round(clock.now()) + PIN_MS : body.untilAt
        await orders.pin(params.name, body.desired, untilAt, by)
        return { fleet: params.name, desired: body.desired, untilAt }
      },
    }),
  ]
}
