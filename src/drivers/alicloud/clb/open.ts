import type { PoolSpec } from '../../../core/balancer.ts'
import type { Probe } from '../../../core/health.ts'
import type { Host } from '../../../core/time.ts'
import { openAccount } from '../account.ts'
import { type CloudBalancer, openBalancer } from '../balancer/open.ts'
import type { Transport } from '../client/transport.ts'
import { type ClbConfig, clbPool } from './config.ts'
import { ClbGroup } from './group.ts'
import { clbHealth } from './health.ts'
import { clbInstance } from './instance.ts'
import { ClbListening } from './listening.ts'
import { deleteOwnGroup, groupName, ownGroup } from './own-groups.ts'

/** Opens a CLB instance. `transport` stands in for the network. */
export function openClb(
  config: ClbConfig,
  { name, probe }: { readonly name: string; readonly probe: Probe },
  host: Host,
  transport?: Transport,
) {
  const account = openAccount(config, host, transport)
  const means = { call: account.call, clock: host.clock }
  const { region } = config
  const { installation } = host
  const instance = clbInstance(means, config, { installation, name })
  const about = {
    region,
    installation,
    name,
    adopts: config.adopts,
    get loadBalancer() {
      return instance.seen?.id ?? ''
    },
  }
  const health = clbHealth(means, about)
  const listening = new ClbListening(means, about)
  const groups = new Map<string, string>()
  const nameOf = ({ name }: PoolSpec) => groupName(installation, name)
  const cloud: CloudBalancer = {
    have: (signal) => instance.have(signal),
    purchase: (signal) => instance.purchase(signal),
    async group(pool, signal) {
      const { serverGroup, port } = clbPool(pool.part)
      const named = port === undefined ? serverGroup : (instance.seen?.id ?? '')
      const id = named ?? (await ownGroup(means, nameOf(pool), about, signal))
      groups.set(pool.name, id)
      return new ClbGroup(means, { id, region, health, port: port ?? null, adopts: config.adopts })
    },
    listen: (spec, signal) => listening.listen(spec, groups, signal),
    holds: async (spec, signal) =>
      (await instance.holds(signal)) && (await listening.holds(spec, groups, signal)),
    async leave(pool, signal) {
      if (clbPool(pool.part).serverGroup === null) await deleteOwnGroup(means, nameOf(pool), about, signal)
    },
    bound: ({ listeners }) =>
      Object.fromEntries(
        listeners.map(({ name: listener, bind: { port } }) => [
          listener,
          { host: instance.seen?.ip ?? '', port },
        ]),
      ),
  }
  const opened = openBalancer(cloud, probe, host)
  return {
    balancer: opened.balancer,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]()
      account.close()
    },
  }
}
