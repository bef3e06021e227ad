import type { Call } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import type { Listener, LoadBalancer, Protocol } from './state.ts'

/** The one that `ListenerPort` and a protocol name; null = the only one on that port. */
export function listenerNamed(
  { given }: Call,
  { listeners }: LoadBalancer,
  protocol: Protocol | null,
): Listener {
  const port = given.number('ListenerPort', 0)
  const found = listeners.filter(
    (one) => one.port === port && (protocol === null || one.protocol === protocol),
  )
  if (found.length > 1)
    throw new Refusal('TooManyListeners', 'More than 1 listener is found, please be more specified.')
  if (found[0] === undefined) throw new Refusal('InvalidParameter', 'The specified resource does not exist.')
  return found[0]
}

/** The same balancer with another form of one of its listeners. */
export function withListener(balancer: LoadBalancer, next: Listener): LoadBalancer {
  const isIt = ({ port, protocol }: Listener) => port === next.port && protocol === next.protocol
  return { ...balancer, listeners: balancer.listeners.map((one) => (isIt(one) ? next : one)) }
}

/** null = it is not said. */
export function protocolOf({ given }: Call): Protocol | null {
  return given.has('ListenerProtocol') ? (given.text('ListenerProtocol').toLowerCase() as Protocol) : null
}
