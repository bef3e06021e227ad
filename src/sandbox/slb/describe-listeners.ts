import type { Call, Done } from '../operation.ts'
import { pageByToken } from '../paging.ts'
import { balancerNamed, isOf } from './balancers.ts'
import { listenerNamed } from './listener-named.ts'
import type { Listener, Protocol } from './state.ts'

export function describeListenerAttribute(protocol: Protocol): (call: Call) => Done {
  return (call) => {
    const balancer = balancerNamed(call)
    const { port, status, settings } = listenerNamed(call, balancer, protocol)
    const body = { LoadBalancerId: balancer.id, ListenerPort: port, Status: status, ...settings }
    return { world: call.world, body }
  }
}

/** Of several balancers, or of all. */
export function describeLoadBalancerListeners(call: Call): Done {
  const { world, given } = call
  const ids = given.texts('LoadBalancerId')
  const protocol = given.text('ListenerProtocol').toLowerCase()
  const found = [...world.slb.balancers.values()]
    .filter((balancer) => isOf(call, balancer) && (ids.length === 0 || ids.includes(balancer.id)))
    .flatMap(({ id, listeners }) => listeners.map((listener) => ({ id, listener })))
    .filter(({ listener }) => protocol === '' || listener.protocol === protocol)
  const { page, NextToken } = pageByToken(found, given, { usual: 20, most: 100 })
  const Listeners = page.map(({ id, listener }) => ({ LoadBalancerId: id, ...listenerAnswer(listener) }))
  return { world, body: { TotalCount: found.length, NextToken, Listeners } }
}

const SHARED = ['Bandwidth', 'Scheduler', 'Description', 'VServerGroupId', 'BackendServerPort']

function listenerAnswer({ port, protocol, status, settings }: Listener) {
  const own = Object.entries(settings)
  return {
    ListenerPort: port,
    ListenerProtocol: protocol,
    Status: status,
    ...Object.fromEntries(own.filter(([name]) => SHARED.includes(name))),
    [`${protocol.toUpperCase()}ListenerConfig`]: Object.fromEntries(
      own.filter(([name]) => !SHARED.includes(name)),
    ),
  }
}
