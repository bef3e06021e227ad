import type { Call, Done } from '../operation.ts'
import { invalid, Refusal } from '../refusal.ts'
import { planned } from '../world.ts'
import { changed, freeBalancer } from './balancers.ts'
import { listenerNamed, protocolOf, withListener } from './listener-named.ts'
import { changedSettings, newSettings } from './listener-settings.ts'
import type { Listener, ListenerStatus, LoadBalancer, Protocol, Settings } from './state.ts'

/** Of a balancer: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/product-overview/limits. */
const MAX_LISTENERS = 50

/** It stands still at first. */
export function createListener(protocol: Protocol): (call: Call) => Done {
  return (call) => {
    const { given, now, world } = call
    const balancer = freeBalancer(call)
    const port = given.number('ListenerPort', 0)
    if (port < 1 || port > 65_535) throw invalid('ListenerPort')
    if (
      balancer.listeners.some((one) => one.port === port && (one.protocol === 'udp') === (protocol === 'udp'))
    )
      throw new Refusal('ListenerAlreadyExists', 'A listener with the specified port already exists')
    if (balancer.listeners.length >= MAX_LISTENERS)
      throw new Refusal('ListenerNumberOverLimit', 'The maximum number of listeners is exceeded.')
    const settings = newSettings(given, protocol)
    const fresh = { status: 'stopped', since: now, rules: [], domains: [] } as const
    const listener: Listener = { port, protocol, settings, ...fresh }
    const next = { ...balancer, listeners: [...balancer.listeners, listener] }
    checkSettings(call, next, settings)
    return { world: changed(world, next, now), body: {} }
  }
}

export function setListenerAttribute(protocol: Protocol): (call: Call) => Done {
  return (call) => {
    const balancer = freeBalancer(call)
    const before = freeListener(call, balancer, protocol)
    const settings = changedSettings(call.given, protocol, before.settings)
    const next = withListener(balancer, { ...before, settings })
    checkSettings(call, next, settings)
    return { world: changed(call.world, next, call.now), body: {} }
  }
}

/** Whatever it refers to is there, and fits. */
function checkSettings({ world }: Call, balancer: LoadBalancer, settings: Settings): void {
  const { VServerGroupId: group, BackendServerPort: port, ServerCertificateId: certificate } = settings
  if (group === undefined && port === undefined)
    throw new Refusal('MissingParameter', 'The BackendServerPort or VServerGroupId is required at lease one.')
  if (group !== undefined && world.slb.groups.get(String(group))?.balancer !== balancer.id)
    throw new Refusal('InvalidParam.VServerGroupId', 'The specified VServerGroupId is invalid.')
  if (certificate !== undefined && !world.slb.certificates.has(String(certificate)))
    throw new Refusal('ResourceNotFound.Certificate', 'The specified resource is not found.', 404)
  if (['sch', 'tch', 'qch'].includes(String(settings.Scheduler)) && balancer.spec === '')
    throw new Refusal(
      'InvalidParameterValue.SpecNotSupport',
      `The loadBalancer of shared spec does not support the parameter value, ${settings.Scheduler}.`,
    )
  checkBandwidth(balancer)
}

function checkBandwidth({ internetChargeType, addressType, bandwidth, listeners }: LoadBalancer): void {
  if (addressType === 'intranet' || internetChargeType === 'paybytraffic') return
  const promised = listeners.reduce((sum, { settings }) => sum + Math.max(0, Number(settings.Bandwidth)), 0)
  if (promised > bandwidth)
    throw new Refusal(
      'InvalidParameter',
      'The specified Bandwidth is invalid. It exceeds the maximum bandwidth available to the instance.',
    )
}

export function startLoadBalancerListener(call: Call): Done {
  return turned(call, 'running', 'starting')
}

export function stopLoadBalancerListener(call: Call): Done {
  return turned(call, 'stopped', 'stopping')
}

/** What it is already it stays. */
function turned(call: Call, to: ListenerStatus, by: ListenerStatus): Done {
  const { world, now } = call
  const balancer = freeBalancer(call)
  const listener = freeListener(call, balancer, protocolOf(call))
  if (listener.status === to) return { world, body: {} }
  const next = changed(world, withListener(balancer, { ...listener, status: by, since: now }), now)
  const id = `${balancer.id} ${listener.protocol} ${listener.port}`
  return { world: planned(next, { at: now + world.delays.listenerMs, kind: `slb.${to}`, id }), body: {} }
}

/** Its rules go with it. */
export function deleteLoadBalancerListener(call: Call): Done {
  const balancer = freeBalancer(call)
  const gone = freeListener(call, balancer, protocolOf(call))
  const listeners = balancer.listeners.filter((one) => one !== gone)
  return { world: changed(call.world, { ...balancer, listeners }, call.now), body: {} }
}

/** One that is not on its way to another status. */
function freeListener(call: Call, balancer: LoadBalancer, protocol: Protocol | null): Listener {
  const listener = listenerNamed(call, balancer, protocol)
  if (listener.status === 'stopping')
    throw new Refusal('ServiceIsStopping', 'The specified Listener is stopping, please retry later.', 409)
  if (listener.status === 'starting')
    throw new Refusal(
      'ListenerProcessing',
      'A previous configuration of the listener is pending, please try again later.',
    )
  return listener
}
