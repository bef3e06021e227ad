import { expect } from 'vitest'
import { BALANCER } from './alb-cloud.ts'
import type { Sandbox } from './sandbox.ts'

/** Load balancers of a product of the cloud. */
export interface Product {
  readonly driver: string
  /** A new one. */
  create(sandbox: Sandbox): Promise<{ readonly id: string; readonly address: string }>
  /** Of the servers of Tidegate's group, by their ids. */
  weights(sandbox: Sandbox, id: string): Promise<ReadonlyMap<string, number>>
}

export const CLB: Product = {
  driver: 'alicloud-clb',
  async create(sandbox) {
    const created = await sandbox.ask('slb', 'CreateLoadBalancer', { LoadBalancerSpec: 'slb.s2.small' })
    return { id: created.LoadBalancerId, address: created.Address }
  },
  async weights(sandbox, LoadBalancerId) {
    const groups = await sandbox.ask('slb', 'DescribeVServerGroups', { LoadBalancerId })
    const [group] = groups.VServerGroups.VServerGroup
    if (group === undefined) return new Map()
    const { VServerGroupId } = group
    const shown = await sandbox.ask('slb', 'DescribeVServerGroupAttribute', { VServerGroupId })
    return weightsOf(shown.BackendServers.BackendServer)
  },
}

export const ALB: Product = {
  driver: 'alicloud-alb',
  async create(sandbox) {
    const { LoadBalancerId } = await sandbox.ask('alb', 'CreateLoadBalancer', BALANCER)
    const read = () => sandbox.ask('alb', 'GetLoadBalancerAttribute', { LoadBalancerId })
    await expect.poll(async () => (await read()).LoadBalancerStatus, { timeout: 20_000 }).toBe('Active')
    const { ZoneMappings } = await read()
    return { id: LoadBalancerId, address: ZoneMappings[0].LoadBalancerAddresses[0].Address }
  },
  async weights(sandbox) {
    const [group] = (await sandbox.ask('alb', 'ListServerGroups')).ServerGroups
    if (group === undefined) return new Map()
    const { ServerGroupId } = group
    return weightsOf((await sandbox.ask('alb', 'ListServerGroupServers', { ServerGroupId })).Servers)
  },
}

function weightsOf(servers: readonly { readonly ServerId: string; readonly Weight: number }[]) {
  return new Map(servers.map(({ ServerId, Weight }) => [ServerId, Number(Weight)]))
}
