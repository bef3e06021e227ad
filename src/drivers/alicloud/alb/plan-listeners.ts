import { Fault } from '../../../core/fault.ts'
import { batches } from '../balancer/patience.ts'
import type { Parameters } from '../client/parameters.ts'
import { covers } from './covers.ts'
import { ownTag } from './naming.ts'
import type { About, SeenListener } from './see-listeners.ts'
import type { WantedListener, WantedRule } from './wanted-listener.ts'

/** One change that brings the listeners nearer to what is wanted. */
export interface ListenerChange {
  readonly action: string
  readonly query: Parameters
  readonly form?: Parameters
}

/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createrules */
const RULES_A_CALL = 10
const CERTIFICATES_A_CALL = 20

/** What is to be done, in this order, so that the listeners that Tidegate has made are just these. What a new listener has beside itself
 *  comes in the plan after its creation, when it has an id. Pure. Throws Fault where somebody else's stands in the way. */
export function planListeners(
  wanted: readonly WantedListener[],
  seen: readonly SeenListener[],
  about: About,
): readonly ListenerChange[] {
  const own = seen.filter(({ isOwn }) => isOwn)
  for (const one of wanted) refuseForeign(one, seen)
  const gone = own.filter((one) => !wanted.some((other) => isSame(one, other)))
  return [
    ...gone.map(({ id }) => ({ action: 'DeleteListener', query: { ListenerId: id } })),
    ...wanted.flatMap((one) => {
      const there = own.find((other) => isSame(other, one))
      return there ? changesOf(there, one, about) : [creation(one, about)]
    }),
  ]
}

interface At {
  readonly port: number
  readonly protocol: string
}

function isSame(a: At, b: At): boolean {
  return a.port === b.port && a.protocol === b.protocol
}

/** QUIC is carried by UDP, which has ports of its own. */
function refuseForeign({ port }: At, seen: readonly SeenListener[]): void {
  const there = seen.find((one) => one.port === port && one.protocol !== 'QUIC')
  if (there === undefined || there.isOwn) return
  throw new Fault(
    'balancer.refused',
    `port ${port} has a ${there.protocol} listener that Tidegate has not made (${there.description || 'without a description'}); delete it there, or name its server group in the pool and leave the listener out of this file`,
    { source: 'user', retry: 'no' },
  )
}

function creation(
  { port, protocol, settings, certificates }: WantedListener,
  { loadBalancer, installation }: About,
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

function changesOf(
  there: SeenListener,
  wanted: WantedListener,
  { installation }: About,
): readonly ListenerChange[] {
  const query = { ListenerId: there.id }
  return [
    ...ofSettings(there, wanted),
    ...ofCertificates(there, wanted),
    ...ofRules(there, wanted, installation),
    ...(there.isRunning ? [] : [{ action: 'StartListener', query }]),
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
function ofCertificates(there: SeenListener, { certificates }: WantedListener): ListenerChange[] {
  const more = certificates.slice(1)
  const has = there.certificates.filter(({ isDefault }) => !isDefault).map(({ id }) => id)
  const missing = more.filter((id) => !has.includes(id))
  const obsolete = has.filter((id) => !more.includes(id))
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

/** Rules are told from each other by their priorities; those of others are left alone. */
function ofRules(
  { id, rules }: SeenListener,
  wanted: WantedListener,
  installation: string,
): ListenerChange[] {
  const own = rules.filter(({ isOwn }) => isOwn)
  const ruleAt = (priority: number) => own.find((rule) => rule.priority === priority)
  const missing = wanted.rules.filter(({ priority }) => !ruleAt(priority))
  const obsolete = own.filter((rule) => !wanted.rules.some(({ priority }) => priority === rule.priority))
  const changed = wanted.rules.flatMap(({ priority, settings }) => {
    const there = ruleAt(priority)
    return there && !covers(there.fields, settings) ? [{ RuleId: there.id, ...settings }] : []
  })
  const made = missing.map((rule: WantedRule) => ({
    Priority: rule.priority,
    ...rule.settings,
    Tag: [ownTag(installation)],
  }))
  return [
    ...[...batches(obsolete, RULES_A_CALL)].map((batch) => ({
      action: 'DeleteRules',
      query: { RuleIds: batch.map((rule) => rule.id) },
    })),
    ...[...batches(changed, RULES_A_CALL)].map((Rules) => ({
      action: 'UpdateRulesAttribute',
      query: {},
      form: { Rules },
    })),
    ...[...batches(made, RULES_A_CALL)].map((Rules) => ({
      action: 'CreateRules',
      query: { ListenerId: id },
      form: { Rules },
    })),
  ]
}
