import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import { ownedBy } from '../balancer/backend.ts'
import { refuseForeign } from '../balancer/foreign-listeners.ts'
import type { Transport } from '../client/transport.ts'
import { Alb } from './alb.ts'
import type { AlbConfig } from './config.ts'
import { AlbGroups } from './groups.ts'
import { albInstance } from './instance.ts'
import { listListeners } from './see-listeners.ts'
import { isLeaving, listServers } from './servers.ts'

/** Deletes the instance that was created for a balancer, with its listeners, then the groups that were made for it, and gives its id;
 *  null = there is none. One that others use stays, and so do groups in which others are. Throws Fault. */
export async function removeAlb(
  config: AlbConfig,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
  host: Host,
  transport?: Transport,
): Promise<string | null> {
  if (typeof config.loadBalancer === 'string') return null
  const account = openAccount(config, host, transport)
  const alb = new Alb({ call: account.call, clock: host.clock }, host.rng)
  const own = { installation: host.installation, name }
  try {
    const seen = await albInstance(alb, config, own).find(signal)
    if (seen === null) return null
    const about = { loadBalancer: seen.id, installation: host.installation }
    const listeners = await listListeners(alb, about, signal)
    refuseForeign(
      seen.id,
      listeners.filter(({ isOwn }) => !isOwn),
    )
    const query = { LoadBalancerId: seen.id }
    await alb.change({ action: 'DeleteLoadBalancer', query }, `${seen.id} cannot be deleted`, signal)
    const groups = new AlbGroups(alb, own)
    for (const group of await groups.all(signal)) {
      const servers = await listServers(alb, group.id, signal)
      if (servers.every((one) => isLeaving(one) || ownedBy(host.installation, one.mark) !== null))
        await groups.remove(group, signal)
    }
    return seen.id
  } finally {
    await alb.close()
    account.close()
  }
}
