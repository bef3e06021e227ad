import { type BalancerSpec, type PoolSpec, transportOf } from './balancer.ts'
import type { NeededPort } from './finding.ts'
import { poolsOf } from './rule.ts'

/** What one balancer carries, and where it comes from, as `NeededPort.from` has it. */
export interface Carried {
  readonly spec: Pick<BalancerSpec, 'listeners' | 'pools'>
  readonly from: readonly string[] | null
}

/** Through which the servers of a fleet must be reached, each port once for each that comes. */
export function neededPorts(fleet: string, balancers: readonly Carried[]): readonly NeededPort[] {
  const all = balancers.flatMap(({ spec, from }) => portsFor(fleet, spec).map((port) => ({ ...port, from })))
  const groups = Map.groupBy(all, ({ protocol, port, from }) => JSON.stringify([protocol, port, from]))
  return [...groups.values()].map(([first]) => first!)
}

const EVERYWHERE = ['', '0.0.0.0', '::']

/** Through which clients from elsewhere come to a gateway, each port once. */
export function publicPorts({ listeners }: Pick<BalancerSpec, 'listeners'>): readonly NeededPort[] {
  const open = listeners.filter(({ bind }) => EVERYWHERE.includes(bind.host) && bind.port > 0)
  const ports = open.map(({ name, protocol, bind }) => ({
    protocol: transportOf(protocol),
    port: bind.port,
    why: `listener ${name}`,
    from: null,
  }))
  const groups = Map.groupBy(ports, ({ protocol, port }) => `${protocol} ${port}`)
  return [...groups.values()].map(([first]) => first!)
}

type Port = Omit<NeededPort, 'from'>

function portsFor(fleet: string, { listeners, pools }: Carried['spec']): readonly Port[] {
  const fed = pools.filter(({ fleets }) => fleets.includes(fleet))
  const traffic = listeners
    .filter((one) =>
      fed.some(({ name }) => one.pool === name || one.rules.some((rule) => poolsOf(rule).includes(name))),
    )
    .map(({ protocol }): Port => ({ protocol: transportOf(protocol), port: null, why: 'traffic' }))
  return [...traffic, ...fed.flatMap(checkOf)]
}

/** A check by a command reaches its server in ways of its own. */
function checkOf({ name, health: { type, port } }: PoolSpec): readonly Port[] {
  if (type === 'command') return []
  const protocol = type === 'udp' || type === 'icmp' ? type : 'tcp'
  return [{ protocol, port: protocol === 'icmp' ? null : (port ?? null), why: `checks of pool ${name}` }]
}
