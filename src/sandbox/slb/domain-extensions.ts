import type { Call, Done } from '../operation.ts'
import { Refusal } from '../refusal.ts'
import { withId } from '../world.ts'
import { balancerNamed, changed, freeBalancer, isOf } from './balancers.ts'
import { listenerNamed, withListener } from './listener-named.ts'
import type { DomainExtension, Listener, LoadBalancer } from './state.ts'

/** Of a listener: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/product-overview/limits. */
const QUOTA = 3

/** Clients that name this server are shown a certificate of its own. */
export function createDomainExtension(call: Call): Done {
  const { given, now } = call
  const balancer = freeBalancer(call)
  if (balancer.spec === '' && balancer.instanceChargeType === 'PayBySpec')
    throw new Refusal('UnsupportedOperation', "The Loadbalancer doesn't support this function.")
  const listener = listenerNamed(call, balancer, 'https')
  const domain = given.text('Domain')
  if (listener.domains.some((one) => one.domain === domain))
    throw new Refusal('InvalidParameter', 'The specified Domain already exists.')
  if (listener.domains.length >= QUOTA)
    throw new Refusal('OverQuota', 'The maximum number of domain extensions of the listener is exceeded.')
  const [world, id] = withId(call.world, 'de-')
  const domains = [...listener.domains, { id, domain, certificate: certificateIn(call) }]
  return {
    world: changed(world, withListener(balancer, { ...listener, domains }), now),
    body: { ListenerPort: listener.port, DomainExtensionId: id },
  }
}

export function describeDomainExtensions(call: Call): Done {
  const { domains } = listenerNamed(call, balancerNamed(call), 'https')
  const rows = domains
    .filter(({ id }) => !call.given.has('DomainExtensionId') || call.given.text('DomainExtensionId') === id)
    .map(({ id, domain, certificate }) => ({
      DomainExtensionId: id,
      Domain: domain,
      ServerCertificateId: certificate,
    }))
  return { world: call.world, body: { DomainExtensions: { DomainExtension: rows } } }
}

export function setDomainExtensionAttribute(call: Call): Done {
  const certificate = certificateIn(call)
  return change(call, (one) => [{ ...one, certificate }])
}

export function deleteDomainExtension(call: Call): Done {
  return change(call, () => [])
}

/** The one that the call names, wherever it is. */
function change(call: Call, next: (one: DomainExtension) => readonly DomainExtension[]): Done {
  const id = call.given.text('DomainExtensionId')
  const has = ({ domains }: Listener) => domains.some((one) => one.id === id)
  const found = [...call.world.slb.balancers.values()].find(
    (one: LoadBalancer) => isOf(call, one) && one.listeners.some(has),
  )
  if (found === undefined)
    throw new Refusal('InvalidParameter.DomainExtensionId', 'The specified DomainExtensionId is invalid.')
  const balancer = freeBalancer(call, found.id)
  const listener = balancer.listeners.find(has)!
  const domains = listener.domains.flatMap((one) => (one.id === id ? next(one) : [one]))
  return { world: changed(call.world, withListener(balancer, { ...listener, domains }), call.now), body: {} }
}

function certificateIn({ world, given }: Call): string {
  const id = given.text('ServerCertificateId')
  if (world.slb.certificates.has(id)) return id
  throw new Refusal('ResourceNotFound.Certificate', 'The specified resource is not found.', 404)
}
