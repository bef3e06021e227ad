import { type BalancerSpec, type PoolSpec, transportOf } from './balancer.ts'
import type { NeededPort } from './finding.ts'
import { poolsOf } from './rule.ts'

/** Through which the servers of a fleet must be reached, each port once. */
export function neededPorts(fleet: string, { listeners, pools }: BalancerSpec): readonly NeededPort[] {
  const fed = pools.filter(({ fleets }) => fleets.includes(fleet))
  const traffic = listeners
    .filter((one) =>
      fed.some(({ name }) => one.pool === name || one.rules.some((rule) => poolsOf(rule).includes(name))),
    )
    .map(({ protocol }): NeededPort => ({ protocol: transportOf(protocol), port: null, why: 'traffic' }))
  const all = [...traffic, ...fed.flatMap(checkOf)]
  const groups = Map.groupBy(all, ({ protocol, port }) => `${protocol} ${port}`)
  return [...groups.values()].map(([first]) => first!)
}

/** A check by a command reaches its server in ways of its own. */
function checkOf({ name, health: { type, port } }: PoolSpec): readonly NeededPort[] {
  if (type === 'command') return []
  const protocol = type === 'udp' || type === 'icmp' ? type : 'tcp'
  return [{ protocol, port: protocol === 'icmp' ? null : (port ?? null), why: `checks of pool ${name}` }]
}
