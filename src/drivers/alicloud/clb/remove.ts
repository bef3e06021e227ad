import { Fault } from '../../../core/fault.ts'
import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import { ownedBy } from '../balancer/backend.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import type { Transport } from '../client/transport.ts'
import { ClbCertificates } from './certificates.ts'
import type { ClbConfig } from './config.ts'
import { ClbInstance } from './instance.ts'
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
    const seen = await new ClbInstance(means, config, { installation, name }).find(signal)
    if (seen === null) return null
    const { id } = seen
    await refuseForeign(means, { region, loadBalancer: id, installation }, signal)
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

async function refuseForeign(
  means: Means,
  about: { readonly region: string; readonly loadBalancer: string; readonly installation: string },
  signal: AbortSignal,
): Promise<void> {
  const foreign = (await listListeners(means, about, signal)).filter(
    ({ description }) => ownedBy(about.installation, description) === null,
  )
  if (foreign.length === 0) return
  const listeners = foreign.map(({ protocol, port }) => `${protocol} ${port}`).join(', ')
  throw new Fault(
    'balancer.refused',
    `${about.loadBalancer} has listeners that Tidegate has not made (${listeners}); delete them there first`,
    { source: 'user', retry: 'no' },
  )
}
