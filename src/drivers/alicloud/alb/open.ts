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
import { albInstance } from './instance.ts'
import { AlbListening } from './listening.ts'
import { isLeaving, listServers } from './servers.ts'

/** Opens an ALB instance. `transport` stands in for the network. */
export function openAlb(
  config: AlbConfig,
  { name, probe }: { readonly name: string; readonly probe: Probe },
  host: Host,
  transport?: Transport,
) {
  const account = openAccount(config, host, transport)
  const alb = new Alb({ call: account.call, clock: host.clock }, host.rng)
  const opened = openBalancer(cloudOf(alb, config, { installation: host.installation, name }), probe, host)
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
  config: AlbConfig,
  own: { readonly installation: string; readonly name: string },
): CloudBalancer {
  const { region, adopts } = config
  const instance = albInstance(alb, config, own)
  const about = {
    ...own,
    region,
    adopts,
    get loadBalancer() {
      return instance.seen!.id
    },
  }
  const health = albHealth(alb, about)
  const groups = new AlbGroups(alb, own)
  const listening = new AlbListening(alb, about)
  /** By pool. */
  const open = new Map<string, AlbGroup>()
  const ids = () => new Map([...open].map(([pool, { id }]) => [pool, id]))
  return {
    have: (signal) => instance.have(signal),
    purchase: (signal) => instance.purchase(signal),
    async group(pool, signal) {
      const seen = await groups.have(pool, instance.seen!, signal)
      const former = open.get(pool.name)
      const group = former?.id === seen.id ? former : new AlbGroup(alb, seen, { region, health, adopts })
      // Its settings may be others now.
      group.seen = seen
      open.set(pool.name, group)
      return group
    },
    listen: (spec, signal) => listening.listen(spec, ids(), signal),
    async holds(spec, signal) {
      if (!(await instance.holds(signal))) return false
      for (const pool of spec.pools) if (!(await groups.holds(pool, instance.seen!, signal))) return false
      return await listening.holds(spec, ids(), signal)
    },
    async leave(pool, signal) {
      const seen = await groups.find(pool, signal)
      // What others have put there goes on.
      if (seen === null || !(await listServers(alb, seen.id, signal)).every(isLeaving)) return
      await groups.remove(seen, signal)
      if (open.get(pool.name)?.id === seen.id) open.delete(pool.name)
    },
    bound: ({ listeners }) =>
      Object.fromEntries(
        listeners.map(({ name, bind: { port } }) => [name, { host: instance.seen!.name, port }]),
      ),
  }
}
