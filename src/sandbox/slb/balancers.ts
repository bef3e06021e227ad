import type { Call } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import { type World, withEntry } from '../world.ts'
import type { LoadBalancer, ServerGroup, Slb } from './state.ts'

export function withSlb(world: World, changed: Partial<Slb>): World {
  return { ...world, slb: { ...world.slb, ...changed } }
}

export function withBalancer(world: World, balancer: LoadBalancer): World {
  return withSlb(world, { balancers: withEntry(world.slb.balancers, balancer.id, balancer) })
}

export function isOf(
  { account, region }: Call,
  owned: { readonly account: string; readonly region: string },
): boolean {
  // Most operations may leave the region out: where the call went says it.
  return owned.account === account && (region === '' || owned.region === region)
}

/** The one that `LoadBalancerId` names. */
export function balancerNamed(call: Call, id = call.given.text('LoadBalancerId')): LoadBalancer {
  const balancer = call.world.slb.balancers.get(id)
  if (balancer === undefined || !isOf(call, balancer))
    throw new Refusal('InvalidLoadBalancerId.NotFound', 'The specified LoadBalancerId does not exist.', 404)
  return balancer
}

/** The same, when its former change is done with. One change at a time: whatever else comes is refused. */
export function freeBalancer(call: Call, id?: string): LoadBalancer {
  const balancer = balancerNamed(call, id)
  if (balancer.busyUntil > call.now)
    throw new Refusal('ServiceIsConfiguring', 'A previous configuration is pending; please try again later.')
  return balancer
}

/** The same for a change of servers, which is refused with a code of its own. */
export function freeForServers(call: Call, id: string): LoadBalancer {
  const balancer = balancerNamed(call, id)
  if (balancer.busyUntil > call.now)
    throw new Refusal(
      'BackendServer.configuring',
      'A previous configuration of the load balancer is pending; please try again later.',
      409,
    )
  return balancer
}

/** The one that `VServerGroupId` names. */
export function groupNamed(call: Call, id = call.given.text('VServerGroupId')): ServerGroup {
  const group = call.world.slb.groups.get(id)
  if (group === undefined || !isOf(call, call.world.slb.balancers.get(group.balancer)!))
    throw new Refusal('InvalidParameter', 'The specified VServerGroupId does not exist.', 404)
  return group
}

/** It is changed, and busy with that for a while. */
export function changed(world: World, balancer: LoadBalancer, now: number): World {
  return withBalancer(world, { ...balancer, busyUntil: now + world.delays.configuringMs })
}
