import type { Health } from '../balancer/backend.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import { Recent } from '../balancer/recent.ts'

/** What the checks of a balancer's listeners say, by `server:port`. */
export type ClbHealth = Recent<ReadonlyMap<string, Health>>

export function clbHealth(
  means: Means,
  about: { readonly region: string; readonly loadBalancer: string },
): ClbHealth {
  return new Recent((signal) => readHealth(means, about, signal), means.clock)
}

async function readHealth(
  means: Means,
  { region, loadBalancer }: { readonly region: string; readonly loadBalancer: string },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Health>> {
  const rows = await patiently(
    means,
    {
      product: 'slb',
      action: 'DescribeHealthStatus',
      query: { RegionId: region, LoadBalancerId: loadBalancer },
      read: (answer) =>
        answer
          .inside('BackendServers')
          .list('BackendServer')
          .map((row) => ({
            key: `${row.text('ServerId')}:${row.text('Port')}`,
            status: row.text('ServerHealthStatus'),
          })),
    },
    `the health of ${loadBalancer} cannot be read`,
    signal,
  )
  const health = new Map<string, Health>()
  // Whoever fails for one listener is not well, whatever others say.
  for (const { key, status } of rows)
    if (status === 'abnormal') health.set(key, 'abnormal')
    else if (status === 'normal' && !health.has(key)) health.set(key, 'normal')
  return health
}
