import type { Queries } from '../../core/admin.ts'
import type { Page } from '../../core/api.ts'
import type { AuditRecord } from '../../core/audit.ts'
import type { DecisionRecord, Event } from '../../core/store.ts'
import { type Route, route } from '../route.ts'

const DEFAULT_LIMIT = 50

const LIMIT = { description: 'at most this many', type: 'integer', minimum: 1, maximum: 500 } as const
const ID = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const
const BEFORE = { description: 'only those before this id', ...ID } as const

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
      before: BEFORE,
    },
    answer: async ({ query }): Promise<Page<DecisionRecord>> => {
      const limit = query.limit ?? DEFAULT_LIMIT
      const items = await queries.decisions({ fleet: query.fleet, limit, ...beforeId(query.before) })
      return page(items, limit)
    },
  })
}

export function auditRoute(queries: Queries): Route {
  return route({
    method: 'GET',
    path: '/api/v1/audit',
    summary: 'Who changed what, from what and to what, newest first',
    query: { limit: LIMIT, before: BEFORE },
    answer: async ({ query }): Promise<Page<AuditRecord>> => {
      const limit = query.limit ?? DEFAULT_LIMIT
      const items = await queries.audits({ limit, ...beforeId(query.before) })
      return page(items, limit)
    },
  })
}

/** A page that is not full is the last one. */
function page<T extends { readonly id: number }>(items: readonly T[], limit: number): Page<T> {
  return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) }
}

function beforeId(id: number | undefined): { readonly beforeId?: number } {
  return id === undefined ? {} : { beforeId: id }
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
      return page(items, limit)
    },
  })
}
