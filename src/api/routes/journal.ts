import type { Queries } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import type { DecisionRecord, Event } from '../../core/store.ts'
import { type Route, route } from '../route.ts'

const DEFAULT_LIMIT = 50

const LIMIT = { description: 'at most this many', type: 'integer', minimum: 1, maximum: 500 } as const
const ID = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const

export const EVENTS_QUERY = {
  limit: LIMIT,
  after: { description: 'only those after this id', ...ID },
} as const

export function decisionsRoute(queries: Queries): Route {
  return route({
    method: 'GET',
    path: '/api/v1/decisions',
    summary: 'Decisions of a fleet, newest first',
    query: {
      fleet: { description: "the fleet's name", type: 'string', required: true },
      limit: LIMIT,
      before: { description: 'only those before this id', ...ID },
    },
    answer: async ({ query }): Promise<Page<DecisionRecord>> => {
      const limit = query.limit ?? DEFAULT_LIMIT
      const before = query.before === undefined ? {} : { beforeId: query.before }
      const items = await queries.decisions({ fleet: query.fleet, limit, ...before })
      return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) }
    },
  })
}

export function eventsRoute(queries: Queries): Route {
  return route({
    method: 'GET',
    path: '/api/v1/events',
    summary:
      'Events, oldest first: the newest ones, or those after an id. A stream of server-sent events, which goes on, unless the client accepts application/json',
    query: EVENTS_QUERY,
    answer: async ({ query }): Promise<Page<Event>> => {
      const limit = query.limit ?? DEFAULT_LIMIT
      if (query.after === undefined) return { items: await queries.lastEvents(limit), next: null }
      const items = await queries.events({ afterId: query.after, limit })
      return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) }
    },
  })
}
