import type { Happening } from '../world.ts'
import { withBalancer } from './balancers.ts'
import { withListener } from './listener-named.ts'
import type { ListenerStatus } from './state.ts'

/** A listener of that id, `balancer protocol port`, goes on to its next status. */
function turns(from: ListenerStatus, to: ListenerStatus): Happening {
  return (world, id, at) => {
    const [of, protocol, port] = id.split(' ')
    const balancer = world.slb.balancers.get(of!)
    const listener = balancer?.listeners.find((one) => one.protocol === protocol && one.port === Number(port))
    // It may be another one by now.
    if (balancer === undefined || listener?.status !== from) return world
    return withBalancer(world, withListener(balancer, { ...listener, status: to, since: at }))
  }
}

/** What happens to listeners by itself. */
export const SLB_EVENTS: Readonly<Record<string, Happening>> = {
  'slb.running': turns('starting', 'running'),
  'slb.stopped': turns('stopping', 'stopped'),
}
