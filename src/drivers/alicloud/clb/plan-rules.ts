import { foreignPart } from '../balancer/foreign-listeners.ts'
import type { At } from '../balancer/ours-among.ts'
import { batches } from '../balancer/patience.ts'
import { JsonText } from '../client/parameters.ts'
import type { ListenerCall } from './listener-call.ts'
import type { ForwardingRule, WantedListener } from './wanted-listener.ts'

type WantedDomain = WantedListener['domains'][number]
export type SeenDomain = WantedDomain & { readonly id: string }
export type SeenRule = ForwardingRule & { readonly id: string }

/** Of a listener: where it is, and whose its parts are. */
interface Of<Part> extends At {
  /** Those of others become ours where the file has something. */
  readonly adopts: boolean
  isOurs(part: Part): boolean
}

const RULES_A_CALL = 10

/** What makes the rules of a listener that are ours just these; others stay. A rule is known by its domain and path. Pure. Throws Fault. */
export function ruleCalls(
  of: Of<SeenRule>,
  there: readonly SeenRule[],
  wanted: readonly ForwardingRule[],
): readonly ListenerCall[] {
  const { port, protocol, isOurs, adopts } = of
  const thereAt = (rule: ForwardingRule) => there.find((one) => isSamePlace(one, rule))
  const gone = there.filter((one) => isOurs(one) && !wanted.some((rule) => isSamePlace(one, rule)))
  const changed = wanted.flatMap(({ name, group, ...place }): ListenerCall[] => {
    const known = thereAt({ name, group, ...place })
    if (known === undefined) return []
    if (!isOurs(known) && !adopts) throw foreignPart(port, `rule ${known.name}`)
    if (known.name === name && known.group === group) return []
    return [{ action: 'SetRule', query: { RuleId: known.id, RuleName: name, VServerGroupId: group } }]
  })
  const missing = wanted.filter((rule) => thereAt(rule) === undefined)
  const deletion = { action: 'DeleteRules', query: { RuleIds: new JsonText(gone.map(({ id }) => id)) } }
  return [
    // First: a listener may have few.
    ...(gone.length > 0 ? [deletion] : []),
    ...changed,
    ...[...batches(missing, RULES_A_CALL)].map((batch) => ({
      action: 'CreateRules',
      query: { ListenerPort: port, ListenerProtocol: protocol, RuleList: new JsonText(batch.map(listed)) },
    })),
  ]
}

function isSamePlace(a: ForwardingRule, b: ForwardingRule): boolean {
  return a.domain === b.domain && a.url === b.url
}

function listed({ name, domain, url, group }: ForwardingRule) {
  return {
    RuleName: name,
    ...(domain !== '' && { Domain: domain }),
    ...(url !== '' && { Url: url }),
    VServerGroupId: group,
  }
}

/** The same of the certificates for server names. */
export function domainCalls(
  { port, isOurs, adopts }: Of<SeenDomain>,
  there: readonly SeenDomain[],
  wanted: readonly WantedDomain[],
): readonly ListenerCall[] {
  const gone = there.filter((one) => isOurs(one) && !wanted.some(({ domain }) => domain === one.domain))
  return [
    // First: a listener may have few.
    ...gone.map(({ id }) => ({ action: 'DeleteDomainExtension', query: { DomainExtensionId: id } })),
    ...wanted.flatMap(({ domain, certificate }): ListenerCall[] => {
      const known = there.find((one) => one.domain === domain)
      const ServerCertificateId = certificate
      if (known === undefined) {
        const query = { ListenerPort: port, Domain: domain, ServerCertificateId }
        return [{ action: 'CreateDomainExtension', query }]
      }
      if (!isOurs(known) && !adopts) throw foreignPart(port, `the certificate for ${domain}`)
      if (known.certificate === certificate) return []
      const query = { DomainExtensionId: known.id, ServerCertificateId }
      return [{ action: 'SetDomainExtensionAttribute', query }]
    }),
  ]
}
