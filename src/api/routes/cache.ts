import type { Orders } from '../../core/admin.ts'
import type { Purge } from '../../core/cache.ts'
import { userFault } from '../../core/fault.ts'
import { type Route, route } from '../route.ts'

export function cacheRoutes(orders: Orders): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/cache/purge',
      summary: 'Make every cache of the gateway forget one address, all that begin alike, or everything',
      body: {
        kind: {
          description: 'what is forgotten',
          type: 'string',
          values: ['url', 'prefix', 'everything'],
          required: true,
        },
        url: {
          description:
            'the address as clients ask for it, `http://www.example.org/a?b=c`, or how addresses begin',
          type: 'string',
        },
      },
      answer: ({ body, by }) => orders.purge(purgeOf(body), by),
    }),
  ]
}

function purgeOf({ kind, url }: { readonly kind: Purge['kind']; readonly url?: string | undefined }): Purge {
  if (kind === 'everything') return { kind }
  if (url === undefined || !/^https?:\/\/[^/]/.test(url)) {
    throw userFault('request.invalid', 'url: expected an address such as http://www.example.org/a')
  }
  return { kind, url }
}
