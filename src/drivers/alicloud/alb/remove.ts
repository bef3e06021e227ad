import { Fault } from '../../../core/fault.ts'
import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import { ownedBy } from '../balancer/backend.ts'
import type { Transport } from '../client/transport.ts'
import { Alb } from './alb.ts'
import type { AlbConfig } from './config.ts'
import { AlbGroups } from './groups.ts'
import { AlbInstance } from './instance.ts'
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
    const seen = await new AlbInstance(alb, config, own).find(signal)
    if (seen === null) return null
    await refuseForeign(alb, { loadBalancer: seen.id, installation: host.installation }, signal)
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

async function refuseForeign(
  alb: Alb,
  about: { readonly loadBalancer: string; readonly installation: string },
  signal: AbortSignal,
): Promise<void> {
  const foreign = (await listListeners(alb, about, signal)).filter(({ isOwn }) => !isOwn)
  if (foreign.length === 0) return
  const listeners = foreign.map(({ protocol, port }) => `${protocol} ${port}`).join(', ')
  throw new Fault(
    'balancer.refused',
    `${about.loadBalancer} has listeners that Tidegate has not made (${listeners}); delete them there first`,
    { source: 'user', retry: 'no' },
  )
}
