import { answersAt } from '../health.ts'
import type { Call, Done } from '../operation.ts'
import { backendsOf, groupsOf, ipOf, portOf } from './backends-of.ts'
import { balancerNamed } from './balancers.ts'
import { listenerNamed, protocolOf } from './listener-named.ts'
import { checkPort } from './listener-settings.ts'
import type { Backend, Listener } from './state.ts'

/** Of one listener, or of all. */
export function describeHealthStatus(call: Call): Done {
  const { world, given } = call
  const balancer = balancerNamed(call)
  const protocol = protocolOf(call)
  const listeners = given.has('ListenerPort')
    ? [listenerNamed(call, balancer, protocol)]
    : balancer.listeners.filter((one) => protocol === null || one.protocol === protocol)
  const items = listeners.flatMap((listener) =>
    groupsOf(listener)
      .flatMap((group) => backendsOf(world, balancer, group))
      .map((backend) => ({
        ServerId: backend.server,
        Type: backend.kind,
        ServerIp: ipOf(world, backend),
        Port: portOf(listener, backend),
        ListenerPort: listener.port,
        Protocol: listener.protocol,
        ServerHealthStatus: statusOf(call, listener, backend),
      })),
  )
  return { world, body: { BackendServers: { BackendServer: items } } }
}

function statusOf(
  { world, now }: Call,
  listener: Listener,
  backend: Backend,
): 'normal' | 'abnormal' | 'unavailable' {
  const { settings, status, since } = listener
  // Without meaning: it is not checked (https://www.alibabacloud.com/help/en/slb/classic-load-balancer/support/health-check-faq).
  if (backend.weight === 0 || settings.HealthCheck === 'off') return 'normal'
  const { HealthCheckInterval: interval, HealthyThreshold: threshold } = settings
  const firstMs = Number(interval) * (Number(threshold) - 1) * 1000
  if (status !== 'running' || now < Math.max(since, backend.addedAt) + firstMs) return 'unavailable'
  const port = checkPort(settings) ?? portOf(listener, backend)
  return answersAt(world, { ip: ipOf(world, backend), port }, now) ? 'normal' : 'abnormal'
}
