import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import { refuseForeign } from '../balancer/foreign-listeners.ts'
import { type Means, patiently } from '../balancer/patience.ts'
import type { Transport } from '../client/transport.ts'
import { ClbCertificates } from './certificates.ts'
import type { ClbConfig } from './config.ts'
import { clbInstance } from './instance.ts'
import { listListeners } from './see-listeners.ts'

/** Deletes the instance that was created for a balancer, with its listeners and groups, then its certificates, and gives its id; null =
 *  there is none. Certificates are known by their names, so that they go too when a former attempt came no further than the instance. One
 *  that others use stays. Throws Fault. */
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
    const owner = { installation: host.installation, name }
    const seen = await clbInstance(means, config, owner).find(signal)
    if (seen !== null) await removeInstance(means, { ...owner, region, loadBalancer: seen.id }, signal)
    for (const id of await new ClbCertificates(means, region, owner).tidy([], signal))
      host.log.warn(`certificate ${id} stays: a listener still shows it`)
    return seen?.id ?? null
  } finally {
    account.close()
  }
}

async function removeInstance(
  means: Means,
  about: { readonly installation: string; readonly region: string; readonly loadBalancer: string },
  signal: AbortSignal,
): Promise<void> {
  const { region, loadBalancer } = about
  const listeners = await listListeners(means, about, signal)
  const foreign = listeners.filter(({ isOwn }) => !isOwn)
  refuseForeign(loadBalancer, foreign)
  await patiently(
    means,
    {
      product: 'slb',
      action: 'DeleteLoadBalancer',
      query: { RegionId: region, LoadBalancerId: loadBalancer },
      read: () => null,
    },
    `${loadBalancer} cannot be deleted`,
    signal,
  )
}
