import { Fault } from '../../../core/fault.ts'
import { ownedBy } from '../balancer/backend.ts'
import { JsonText, type Parameters } from '../client/parameters.ts'
import type { ForwardingRule, Settings, WantedListener } from './wanted-listener.ts'

type WantedDomain = WantedListener['domains'][number]
type SeenDomain = WantedDomain & { readonly id: string }

/** A listener as the list has it. */
export interface ListedListener {
  readonly port: number
  readonly protocol: string
  readonly isRunning: boolean
  readonly description: string
}

/** A listener as the cloud has it. */
export interface SeenListener extends ListedListener {
  readonly settings: Settings
  readonly rules: readonly (ForwardingRule & { readonly id: string })[]
  readonly domains: readonly SeenDomain[]
}

/** One call that brings it nearer to what is wanted. */
export interface ListenerCall {
  readonly action: string
  readonly query: Parameters
}

const RULES_A_CALL = 10

/** What is to be called, in this order, so that the listeners that are Tidegate's are just these. Pure. Throws Fault where somebody
 *  else's stands in the way. */
export function planListeners(
  wanted: readonly WantedListener[],
  seen: readonly SeenListener[],
  isOurs: (listener: ListedListener) => boolean,
): readonly ListenerCall[] {
  const own = seen.filter(isOurs)
  for (const one of wanted) refuseForeign(one, seen, own)
  const gone = own.filter((one) => !wanted.some((other) => isSame(one, other)))
  return [
    ...gone.map(({ port, protocol }) => call('DeleteLoadBalancerListener', { port, protocol })),
    ...wanted.flatMap((one) => {
      const there = own.find((other) => isSame(other, one))
      return there ? changes(there, one) : creation(one)
    }),
  ]
}

/** Which listeners are Tidegate's: those that it has made, and, where it adopts, those that stand where one of the file should. */
export function oursAmong(
  wanted: readonly At[],
  { installation, adopts }: { readonly installation: string; readonly adopts: boolean },
): (listener: ListedListener) => boolean {
  return (listener) =>
    ownedBy(installation, listener.description) !== null ||
    (adopts && wanted.some((one) => isSame(one, listener)))
}

interface At {
  readonly port: number
  readonly protocol: string
}

function isSame(a: At, b: At): boolean {
  return a.port === b.port && a.protocol === b.protocol
}

/** Two listeners of one transport cannot share a port. */
function refuseForeign(
  { port, protocol }: At,
  seen: readonly SeenListener[],
  own: readonly SeenListener[],
): void {
  const there = seen.find(
    (other) => other.port === port && (other.protocol === 'udp') === (protocol === 'udp'),
  )
  if (there === undefined || own.includes(there)) return
  throw new Fault(
    'balancer.refused',
    `port ${port} has a ${there.protocol} listener that Tidegate has not made (${there.description || 'without a description'}); delete it there, or name its server group in the pool and leave the listener out of this file; with adopt: true of the balancer one of the same protocol is taken over`,
    { source: 'user', retry: 'no' },
  )
}

function creation({ port, protocol, settings, rules, domains }: WantedListener): readonly ListenerCall[] {
  const query = { ListenerPort: port, ...sent(settings, protocol, true) }
  return [
    { action: `CreateLoadBalancer${protocol.toUpperCase()}Listener`, query },
    ...additions({ port, protocol }, rules),
    ...domainCalls(port, [], domains),
    call('StartLoadBalancerListener', { port, protocol }),
  ]
}

function changes(there: SeenListener, wanted: WantedListener): readonly ListenerCall[] {
  const { port, protocol, settings, rules, domains } = wanted
  refuseOtherPort(there, wanted)
  const differs = Object.entries(settings).some(
    ([name, value]) => String(there.settings[name] ?? '') !== String(value),
  )
  const set = {
    action: `SetLoadBalancer${protocol.toUpperCase()}ListenerAttribute`,
    query: { ListenerPort: port, ...sent(settings, protocol, false) },
  }
  const obsolete = there.rules.filter((one) => !rules.some((other) => isSameRule(one, other)))
  const missing = rules.filter((one) => !there.rules.some((other) => isSameRule(one, other)))
  return [
    ...(differs ? [set] : []),
    // A rule of that name or place may be there with another group.
    ...(obsolete.length > 0
      ? [{ action: 'DeleteRules', query: { RuleIds: new JsonText(obsolete.map(({ id }) => id)) } }]
      : []),
    ...additions(wanted, missing),
    ...domainCalls(port, there.domains, domains),
    ...(there.isRunning ? [] : [call('StartLoadBalancerListener', wanted)]),
  ]
}

function isSameRule(a: ForwardingRule, b: ForwardingRule): boolean {
  return a.name === b.name && a.domain === b.domain && a.url === b.url && a.group === b.group
}

function additions({ port, protocol }: At, rules: readonly ForwardingRule[]): readonly ListenerCall[] {
  const calls: ListenerCall[] = []
  for (let from = 0; from < rules.length; from += RULES_A_CALL) {
    const list = rules.slice(from, from + RULES_A_CALL).map(({ name, domain, url, group }) => ({
      RuleName: name,
      ...(domain !== '' && { Domain: domain }),
      ...(url !== '' && { Url: url }),
      VServerGroupId: group,
    }))
    calls.push({
      action: 'CreateRules',
      query: { ListenerPort: port, ListenerProtocol: protocol, RuleList: new JsonText(list) },
    })
  }
  return calls
}

/** First those that are gone: a listener may have few. */
function domainCalls(
  port: number,
  there: readonly SeenDomain[],
  wanted: readonly WantedDomain[],
): readonly ListenerCall[] {
  const gone = there.filter(({ domain }) => !wanted.some((one) => one.domain === domain))
  return [
    ...gone.map(({ id }) => ({ action: 'DeleteDomainExtension', query: { DomainExtensionId: id } })),
    ...wanted.flatMap(({ domain, certificate }): ListenerCall[] => {
      const known = there.find((one) => one.domain === domain)
      if (known?.certificate === certificate) return []
      const ServerCertificateId = certificate
      if (known === undefined) {
        const query = { ListenerPort: port, Domain: domain, ServerCertificateId }
        return [{ action: 'CreateDomainExtension', query }]
      }
      const query = { DomainExtensionId: known.id, ServerCertificateId }
      return [{ action: 'SetDomainExtensionAttribute', query }]
    }),
  ]
}

function call(action: string, { port, protocol }: At): ListenerCall {
  return { action, query: { ListenerPort: port, ListenerProtocol: protocol } }
}

/** Layer 4 has names of its own for the same. */
function sent(settings: Settings, protocol: string, isNew: boolean): Parameters {
  const { VServerGroupId, BackendServerPort, ...others } = settings
  const all = { ...others, ...sentGroup({ VServerGroupId, BackendServerPort }, isNew) }
  if (protocol === 'http' || protocol === 'https') return all
  const { HealthCheck, HealthCheckInterval, ...rest } = all as Settings
  return {
    ...rest,
    HealthCheckSwitch: HealthCheck,
    [isNew ? 'healthCheckInterval' : 'HealthCheckInterval']: HealthCheckInterval,
  } as Parameters
}

/** '' = the default group, whose port is said once. */
function sentGroup({ VServerGroupId, BackendServerPort }: Parameters, isNew: boolean): Parameters {
  if (VServerGroupId === '') return isNew ? { BackendServerPort } : { VServerGroup: 'off' }
  return isNew ? { VServerGroupId } : { VServerGroup: 'on', VServerGroupId }
}

/** Where a listener of the default group sends to stays as it was made. */
function refuseOtherPort(there: SeenListener, { port, settings }: WantedListener): void {
  const wanted = settings.BackendServerPort
  if (wanted === undefined || String(there.settings.BackendServerPort) === String(wanted)) return
  throw new Fault(
    'balancer.refused',
    `the listener at port ${port} was made for port ${there.settings.BackendServerPort ?? 'none'} of its servers, which CLB cannot change to ${wanted}; delete it there, and it is made anew`,
    { source: 'user', retry: 'no' },
  )
}
