import type { Probe } from '../../../core/health.ts'
import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import { type CloudBalancer, openBalancer } from '../balancer/open.ts'
import type { Transport } from '../client/transport.ts'
import { Alb } from './alb.ts'
import type { AlbConfig } from './config.ts'
import { AlbGroup } from './group.ts'
import { AlbGroups } from './groups.ts'
import { albHealth } from './health.ts'
import { type AlbInstance, readInstance } from './instance.ts'
import { AlbListening } from './listening.ts'

/** Opens an ALB instance. `transport` stands in for the network. */
export function openAlb(
  config: AlbConfig,
  { probe }: { readonly probe: Probe },
  host: Host,
  transport?: Transport,
) {
  const account = openAccount(config, host, transport)
  const alb = new Alb({ call: account.call, clock: host.clock }, host.rng)
  const opened = openBalancer(cloudOf(alb, config, host), probe, host)
  return {
    balancer: opened.balancer,
    async [Symbol.asyncDispose]() {
      await Promise.all([opened[Symbol.asyncDispose](), alb.close()])
      account.close()
    },
  }
}

function cloudOf(
  alb: Alb,
  { region, loadBalancer }: AlbConfig,
  { installation }: Pick<Host, 'installation'>,
): CloudBalancer {
  const health = albHealth(alb, loadBalancer)
  const groups = new AlbGroups(alb, installation)
  const listening = new AlbListening(alb, { loadBalancer, installation })
  /** By pool. */
  const open = new Map<string, AlbGroup>()
  const ids = () => new Map([...open].map(([pool, { id }]) => [pool, id]))
  let instance: AlbInstance = { edition: '', vpc: '', name: '' }
  return {
    async have(signal) {
      instance = await readInstance(alb, loadBalancer, signal)
    },
    async group(pool, signal) {
      const seen = await groups.have(pool, instance, signal)
      const former = open.get(pool.name)
      const group = former?.id === seen.id ? former : new AlbGroup(alb, seen, { region, health })
      // Its settings may be others now.
      group.seen = seen
      open.set(pool.name, group)
      return group
    },
    listen: (spec, signal) => listening.listen(spec, ids(), signal),
    async holds(spec, signal) {
      for (const pool of spec.pools) if (!(await groups.holds(pool, instance, signal))) return false
      return await listening.holds(spec, ids(), signal)
    },
    async leave(pool, signal) {
      const seen = await groups.find(pool, signal)
      // What others have put there goes on.
      if (seen === null || (await new AlbGroup(alb, seen, { region, health }).read(signal)).length > 0) return
      await groups.remove(seen, signal)
      if (open.get(pool.name)?.id === seen.id) open.delete(pool.name)
    },
    bound: ({ listeners }) =>
      Object.fromEntries(listeners.map(({ name, bind: { port } }) => [name, { host: instance.name, port }])),
  }
}
