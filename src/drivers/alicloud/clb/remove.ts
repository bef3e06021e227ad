import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import { ownedBy } from '../balancer/backend.ts'
import { refuseForeign } from '../balancer/foreign-listeners.ts'
import { patiently } from '../balancer/patience.ts'
import type { Transport } from '../client/transport.ts'
import { ClbCertificates } from './certificates.ts'
import type { ClbConfig } from './config.ts'
import { clbInstance } from './instance.ts'
import { listListeners } from './see-listeners.ts'

/** Deletes the instance that was created for a balancer, with its listeners, groups and certificates, and gives its id; null = there is none. One that
 *  others use stays. Throws Fault. */
export async function removeClb(
  config: ClbConfig,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
  host: Host,
  transport?: Transport,
): Promise<string | null> {
  if (typeof config.loadBalancer === 'string') return null
  const account = openAccount(config, host, transport)
  try {
    const means = { call: account.call, clock: host.clock }
    const { region } = config
    const { installation } = host
    const seen = await clbInstance(means, config, { installation, name }).find(signal)
    if (seen === null) return null
    const { id } = seen
    const listeners = await listListeners(means, { region, loadBalancer: id }, signal)
    refuseForeign(
      id,
      listeners.filter(({ description }) => ownedBy(installation, description) === null),
    )
    await patiently(
      means,
      {
        product: 'slb',
        action: 'DeleteLoadBalancer',
        query: { RegionId: region, LoadBalancerId: id },
        read: () => null,
      },
      `${id} cannot be deleted`,
      signal,
    )
    await new ClbCertificates(means, region, { installation, name }).tidy([], signal)
    return id
  } finally {
    account.close()
  }
}
