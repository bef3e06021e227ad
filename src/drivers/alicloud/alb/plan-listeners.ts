import { foreignListener } from '../balancer/foreign-listeners.ts'
import { type At, isSame, oursAmong } from '../balancer/ours-among.ts'
import { batches } from '../balancer/patience.ts'
import { idIn } from './certificates.ts'
import { covers } from './covers.ts'
import type { ListenerChange, Owner } from './listener-change.ts'
import { ownTag } from './naming.ts'
import { ruleChanges } from './plan-rules.ts'
import type { SeenListener } from './see-listeners.ts'
import type { WantedListener } from './wanted-listener.ts'

const CERTIFICATES_A_CALL = 20

/** What is to be done, in this order, so that the listeners that are Tidegate's are just these; rules and certificates that others have
 *  added to them stay. What a new listener has beside itself comes in the plan after its creation, when it has an id. Pure. Throws Fault
 *  where somebody else's stands in the way. */
export function planListeners(
  wanted: readonly WantedListener[],
  seen: readonly SeenListener[],
  owner: Owner,
): readonly ListenerChange[] {
  const own = seen.filter(oursAmong(wanted, owner))
  for (const one of wanted) refuseForeign(one, seen, own)
  const gone = own.filter((one) => !wanted.some((other) => isSame(one, other)))
  return [
    ...gone.map(({ id }) => ({ action: 'DeleteListener', query: { ListenerId: id } })),
    ...wanted.flatMap((one) => {
      const there = own.find((other) => isSame(other, one))
      return there ? changesOf(there, one, owner) : [creation(one, owner)]
    }),
  ]
}

/** QUIC is carried by UDP, which has ports of its own. */
function refuseForeign({ port }: At, seen: readonly SeenListener[], own: readonly SeenListener[]): void {
  const there = seen.find((one) => one.port === port && one.protocol !== 'QUIC')
  if (there !== undefined && !own.includes(there)) throw foreignListener(port, there)
}

function creation(
  { port, protocol, settings, certificates }: WantedListener,
  { loadBalancer, installation }: Owner,
): ListenerChange {
  const query = {
    LoadBalancerId: loadBalancer,
    ListenerPort: port,
    ListenerProtocol: protocol,
    ...settings,
    ...(certificates.length > 0 && { Certificates: named(certificates.slice(0, 1)) }),
    Tag: [ownTag(installation)],
  }
  return { action: 'CreateListener', query }
}

function changesOf(there: SeenListener, wanted: WantedListener, owner: Owner): readonly ListenerChange[] {
  const query = { ListenerId: there.id }
  const tagging = {
    action: 'TagResources',
    query: { ResourceType: 'listener', ResourceId: [there.id], Tag: [ownTag(owner.installation)] },
    isAtOnce: true,
  } as const
  return [
    ...ofSettings(there, wanted),
    ...ofCertificates(there, wanted, owner),
    ...ruleChanges(there, wanted, owner),
    ...(there.isRunning ? [] : [{ action: 'StartListener', query }]),
    // Last, for by its tag it becomes ours: what it has must be so before.
    ...(there.isOwn ? [] : [tagging]),
  ]
}

function ofSettings(there: SeenListener, { settings, certificates }: WantedListener): ListenerChange[] {
  const query = { ListenerId: there.id }
  const [first] = certificates
  const shown = there.certificates.find(({ isDefault }) => isDefault)?.id
  if (covers(there.fields, settings) && shown === first) return []
  const Certificates = first === undefined ? undefined : named([first])
  return [{ action: 'UpdateListenerAttribute', query: { ...query, ...settings, Certificates } }]
}

/** Those beside the default one. The new ones come first: no client is without the certificate that it asks for. */
function ofCertificates(
  there: SeenListener,
  { certificates }: WantedListener,
  { uploaded }: Owner,
): ListenerChange[] {
  const more = certificates.slice(1)
  const has = there.certificates.filter(({ isDefault }) => !isDefault).map(({ id }) => id)
  const missing = more.filter((id) => !has.includes(id))
  // With one that is taken over comes all that it has.
  const isOurs = (id: string) => !there.isOwn || uploaded.has(idIn(id))
  const obsolete = has.filter((id) => !more.includes(id) && isOurs(id))
  const calls = (action: string, ids: readonly string[]) =>
    [...batches(ids, CERTIFICATES_A_CALL)].map((batch) => ({
      action,
      query: { ListenerId: there.id, Certificates: named(batch) },
    }))
  return [
    ...calls('AssociateAdditionalCertificatesWithListener', missing),
    ...calls('DissociateAdditionalCertificatesFromListener', obsolete),
  ]
}

function named(ids: readonly string[]) {
  return ids.map((CertificateId) => ({ CertificateId }))
}
