import type { World } from '../world.ts'
import type { GroupSettings } from './group-settings.ts'
import { denied, incompatible, mismatched, tooMany, wrongStatus } from './refusals.ts'
import type { Edition, Listener, LoadBalancer, ServerGroup } from './state.ts'

/** Backend servers of one load balancer, each counted once for every listener or rule that sends to it
 *  (https://www.alibabacloud.com/help/en/slb/application-load-balancer/product-overview/limits). */
const MOST_SERVERS: Readonly<Record<Edition, number>> = { Basic: 200, Standard: 1000, StandardWithWaf: 1000 }
/** Which listeners may send to a group of a protocol
 *  (https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createservergroup). */
const LISTENERS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTP', 'HTTPS', 'QUIC'],
  HTTPS: ['HTTPS'],
  gRPC: ['HTTPS', 'QUIC'],
}

/** The load balancers that send anything to a group. */
export function balancersOf(world: World, group: string): readonly LoadBalancer[] {
  return [...world.alb.of.loadbalancer.values()].filter(({ id }) => groupsOf(world, id).includes(group))
}

/** Where its listeners and rules send to, each as often as one does; while that changes, where they did and will. */
function groupsOf({ alb }: World, balancer: string): readonly string[] {
  const listeners = [...alb.of.listener.values()].filter((one) => one.balancer === balancer)
  const rules = [...alb.of.rule.values()].filter(({ listener }) =>
    listeners.some(({ id }) => id === listener),
  )
  return [
    ...listeners.flatMap(({ group, next }) => goals([group], [next.group ?? group])),
    ...rules.flatMap(({ groups, next }) => goals(groups, next.groups ?? groups)),
  ]
}

function goals(now: readonly string[], then: readonly string[]): readonly string[] {
  return [...now, ...then.filter((group) => !now.includes(group))]
}

/** Throws a Refusal when a listener of the load balancer cannot send to the group. */
export function checkUse(
  world: World,
  balancer: LoadBalancer,
  protocol: Listener['protocol'],
  group: ServerGroup,
): void {
  if (group.work === 'Create' || group.work === 'Delete') throw wrongStatus('ServerGroup', group.id)
  checkEdition(group.nextSettings ?? group.settings, balancer.edition)
  if (!LISTENERS[group.protocol]!.includes(protocol)) throw denied('ServerGroupProtocolNotSupport')
  if (group.vpc !== '' && group.vpc !== balancer.vpc) throw mismatched('VpcId', balancer.id, group.id)
  checkServers(world, balancer, group.servers.length)
}

/** Throws a Refusal when the load balancers that send to a group cannot have so many servers more. */
export function checkArrivals(world: World, group: string, count: number): void {
  for (const balancer of balancersOf(world, group)) {
    const uses = groupsOf(world, balancer.id).filter((id) => id === group).length
    checkServers(world, balancer, uses * count)
  }
}

function checkServers(world: World, balancer: LoadBalancer, more: number): void {
  const counts = groupsOf(world, balancer.id).map((id) => world.alb.of.servergroup.get(id)!.servers.length)
  const usage = counts.reduce((sum, count) => sum + count, more)
  const most = MOST_SERVERS[balancer.edition]
  if (usage > most) throw tooMany('LoadBalancerServersNum', balancer.id, usage, most)
}

/** Throws a Refusal for what an edition cannot do. */
export function checkEdition(settings: GroupSettings, edition: Edition): void {
  if (edition !== 'Basic') return
  if (settings.ConnectionDrainConfig.ConnectionDrainEnabled)
    throw incompatible('LoadBalancerEdition', 'ConnectionDrain')
  if (settings.SlowStartConfig.SlowStartEnabled) throw incompatible('LoadBalancerEdition', 'SlowStartEnable')
}
