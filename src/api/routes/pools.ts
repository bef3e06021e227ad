import type { Orders, Queries } from '../../core/admin.ts'
import { userFault } from '../../core/fault.ts'
import { type Route, route } from '../route.ts'
import { UNTIL_AT } from './until.ts'

const MEMBER = '/api/v1/pools/{name}/members/{id}'

export function poolRoutes(queries: Queries, orders: Orders): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/pools',
      summary: 'Every pool with its members',
      answer: async () => ({ items: await queries.pools(), next: null }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/pools/{name}',
      summary: 'One pool with its members',
      answer: async ({ params }) => {
        const pools = await queries.pools()
        const pool = pools.find(({ name }) => name === params.name)
        if (pool) return pool
        throw userFault('not-found', `no pool is called "${params.name}"; pools: ${namesOf(pools)}`)
      },
    }),
    route({
      method: 'POST',
      path: `${MEMBER}/drain`,
      summary: 'Drain one member of this pool, until `ready`',
      answer: ({ params, by }) => weigh(orders, params, { weight: 0, untilAt: null, by }),
    }),
    route({
      method: 'POST',
      path: `${MEMBER}/ready`,
      summary: 'Give a member of this pool its configured weight back',
      answer: ({ params, by }) => weigh(orders, params, { weight: null, untilAt: null, by }),
    }),
    route({
      method: 'PUT',
      path: `${MEMBER}/weight`,
      summary: 'Set the weight of one member of this pool; 0 drains it, null gives the configured one back',
      body: {
        weight: {
          description: 'the weight',
          type: 'integer',
          minimum: 0,
          maximum: 1000,
          nullable: true,
          required: true,
        },
        untilAt: UNTIL_AT,
      },
      answer: ({ params, body, by }) =>
        weigh(orders, params, { weight: body.weight, untilAt: body.untilAt ?? null, by }),
    }),
  ]
}

async function weigh(
  orders: Orders,
  { name, id }: { readonly name: string; readonly id: string },
  { weight, untilAt, by }: { weight: number | null; untilAt: number | null; by: string },
): Promise<object> {
  await orders.weigh({ pool: name, member: id, weight, untilAt }, by)
  return { pool: name, member: id, weight, untilAt }
}

function namesOf(things: readonly { readonly name: string }[]): string {
  return things.map(({ name }) => name).join(', ') || 'none'
}
