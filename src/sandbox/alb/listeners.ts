import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import { invalid, Refusal } from '../refusal.ts'
import { hasTags } from '../tag-rows.ts'
import { withId } from '../world.ts'
import { certificatesGiven, defaults } from './certificates-given.ts'
import { int, readFields, word } from './fields.ts'
import { begun, jobDone } from './jobs.ts'
import { readListenerSettings } from './listener-settings.ts'
import { activeBalancer } from './load-balancers.ts'
import { tooMany, wrongStatus } from './refusals.ts'
import { found, idle, listBody, owned, regionOf, selects, statusOf } from './resources.ts'
import type { Listener, ListenerPart, Work } from './state.ts'
import { tagList } from './tags.ts'
import { checkUse } from './uses.ts'

/** Of one load balancer: https://www.alibabacloud.com/help/en/slb/application-load-balancer/product-overview/limits */
const MOST = 50
const NEW = {
  ListenerPort: int(0, 1, 65_535),
  ListenerProtocol: word('', ['HTTP', 'HTTPS', 'QUIC']),
} as const

export function createListener(call: Call): Done {
  const { given } = call
  const balancer = activeBalancer(call, given.text('LoadBalancerId'))
  const { ListenerPort, ListenerProtocol } = readFields(given, NEW)
  const protocol = ListenerProtocol as Listener['protocol']
  checkPlace(call, balancer.id, ListenerPort, protocol)
  const group = groupGiven(call)
  checkUse(call.world, balancer, protocol, found(call, 'servergroup', group))
  const certificates = protocol === 'HTTP' ? [] : defaults(certificatesGiven(call))
  const [named, id] = withId(call.world, 'lsn-')
  const listener: Listener = {
    id,
    account: call.account,
    region: regionOf(call),
    tags: tagsOf(given),
    createdAt: call.now,
    work: 'Create',
    balancer: balancer.id,
    port: ListenerPort,
    protocol,
    settings: readListenerSettings(given),
    group,
    certificates,
    isRunning: true,
    next: {},
  }
  const [after, JobId] = begun({ ...call, world: named }, orderOf('CreateListener', 'Create'), [listener])
  return { world: after, body: { ListenerId: id, JobId } }
}

export function updateListenerAttribute(call: Call): Done {
  const { given, world } = call
  const listener = named(call)
  const settings = readListenerSettings(given, listener.settings)
  const group = given.has('DefaultActions') ? groupGiven(call) : listener.group
  if (group !== listener.group) {
    const balancer = found(call, 'loadbalancer', listener.balancer)
    checkUse(world, balancer, listener.protocol, found(call, 'servergroup', group))
  }
  const others = listener.certificates.filter(({ isDefault }) => !isDefault)
  const certificates = given.has('Certificates')
    ? [...defaults(certificatesGiven(call)), ...others]
    : listener.certificates
  return changed(call, 'UpdateListenerAttribute', listener, { settings, group, certificates })
}

/** Its rules go with it. */
export function deleteListener(call: Call): Done {
  return jobDone(call, orderOf('DeleteListener', 'Delete'), named(call))
}

export function startListener(call: Call): Done {
  return switched(call, 'StartListener', true)
}

export function stopListener(call: Call): Done {
  return switched(call, 'StopListener', false)
}

export function getListenerAttribute(call: Call): Done {
  const listener = found(call, 'listener', call.given.text('ListenerId'))
  const first = listener.certificates.filter(({ isDefault }) => isDefault)
  const Certificates = first.map(({ id }) => ({ CertificateId: id }))
  return { world: call.world, body: { ...listenerAnswer(listener), Certificates, CaEnabled: false } }
}

export function listListeners(call: Call): Done {
  const { given, world } = call
  const listeners = owned(call, 'listener').filter(
    ({ id, balancer, protocol, tags }) =>
      selects(given, 'ListenerIds', id) &&
      selects(given, 'LoadBalancerIds', balancer) &&
      (!given.has('ListenerProtocol') || given.text('ListenerProtocol') === protocol) &&
      hasTags(given, tags),
  )
  return { world, body: listBody(given, 'Listeners', listeners, listenerAnswer) }
}

export function listenerStatus({ work, isRunning }: Listener): string {
  return statusOf('listener', work, isRunning ? 'Running' : 'Stopped')
}

/** The one that a call names, when it and its load balancer can be changed. */
export function named(call: Call): Listener {
  const listener = idle(call, 'listener', call.given.text('ListenerId'))
  activeBalancer(call, listener.balancer)
  return listener
}

export function changed(call: Call, action: string, listener: Listener, next: Partial<ListenerPart>): Done {
  return jobDone(call, orderOf(action, 'Update'), { ...listener, next })
}

function switched(call: Call, action: string, isRunning: boolean): Done {
  const listener = named(call)
  if (listener.isRunning === isRunning) throw wrongStatus('Listener', listener.id)
  return changed(call, action, listener, { isRunning })
}

function orderOf(action: string, work: Work) {
  return { action, kind: 'listener', work } as const
}

/** HTTP and HTTPS are carried by TCP, QUIC by UDP: each has ports of its own. */
function checkPlace(call: Call, balancer: string, port: number, protocol: string): void {
  const others = owned(call, 'listener').filter((one) => one.balancer === balancer)
  if (others.length >= MOST) throw tooMany('LoadBalancerListenersNum', balancer, others.length, MOST)
  const isTaken = others.some(
    (one) => one.port === port && (one.protocol === 'QUIC') === (protocol === 'QUIC'),
  )
  if (isTaken)
    throw new Refusal('ResourceAlreadyExist.Listener', `The specified resource ${port} already exists.`)
}

function groupGiven({ given }: Call): string {
  const [action, ...more] = given.objects('DefaultActions')
  if (action === undefined || more.length > 0 || action.text('Type') !== 'ForwardGroup')
    throw invalid('DefaultActions', 'must be one ForwardGroup')
  const [tuple, ...others] = action.object('ForwardGroupConfig').objects('ServerGroupTuples')
  if (tuple === undefined || others.length > 0) throw invalid('ServerGroupTuples', 'must be one server group')
  return tuple.text('ServerGroupId')
}

function listenerAnswer(listener: Listener) {
  const { id, balancer, port, protocol, group, settings, tags } = listener
  const forward = { ServerGroupTuples: [{ ServerGroupId: group }] }
  return {
    ...settings,
    ListenerId: id,
    ListenerPort: port,
    ListenerProtocol: protocol,
    ListenerStatus: listenerStatus(listener),
    LoadBalancerId: balancer,
    DefaultActions: [{ Type: 'ForwardGroup', ForwardGroupConfig: forward }],
    Tags: tagList(tags),
  }
}
