import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import { ownedBy } from '../balancer/backend.ts'
import { refuseForeign } from '../balancer/foreign-listeners.ts'
import type { Transport } from '../client/transport.ts'
import { Alb } from './alb.ts'
import { AlbCertificates } from './certificates.ts'
import type { AlbConfig } from './config.ts'
import { AlbGroups, type SeenGroup } from './groups.ts'
import { albInstance } from './instance.ts'
import { listListeners } from './see-listeners.ts'
import { isLeaving, listServers } from './servers.ts'

interface Owner {
  readonly installation: string
  /** Of the balancer in the file. */
  readonly name: string
}

/** Deletes the instance that was created for a balancer, with its listeners, then the groups and certificates that were made for it, and
 *  gives its id; null = there is none. Groups and certificates are known by their own tags and names, so that they go too when a former
 *  attempt came no further than the instance. What others use stays. Throws Fault. */
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
    if (seen !== null) await removeInstance(alb, seen.id, own, signal)
    await allOf([
      removeGroups(alb, own, signal),
      removeCertificates(alb, { ...own, region: config.region }, host, signal),
    ])
    return seen?.id ?? null
  } finally {
    await alb.close()
    account.close()
  }
}

async function removeInstance(
  alb: Alb,
  id: string,
  { installation }: Owner,
  signal: AbortSignal,
): Promise<void> {
  const listeners = await listListeners(alb, { loadBalancer: id, installation }, signal)
  const foreign = listeners.filter(({ isOwn }) => !isOwn)
  refuseForeign(id, foreign)
  const query = { LoadBalancerId: id }
  await alb.change({ action: 'DeleteLoadBalancer', query }, `${id} cannot be deleted`, signal)
}

/** But for those in which others are. */
async function removeGroups(alb: Alb, own: Owner, signal: AbortSignal): Promise<void> {
  const groups = new AlbGroups(alb, own)
  const removeOne = async (group: SeenGroup) => {
    const servers = await listServers(alb, group.id, signal)
    if (servers.every((one) => isLeaving(one) || ownedBy(own.installation, one.mark) !== null))
      await groups.remove(group, signal)
  }
  await allOf((await groups.all(signal)).map(removeOne))
}

async function removeCertificates(
  alb: Alb,
  own: Owner & { readonly region: string },
  { log }: Host,
  signal: AbortSignal,
): Promise<void> {
  for (const id of await new AlbCertificates(alb, own).tidy([], signal))
    log.warn(`certificate ${id} stays: a listener still shows it`)
}

/** One that fails keeps none of the others. Throws the fault of the first that does. */
async function allOf(parts: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(parts)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
