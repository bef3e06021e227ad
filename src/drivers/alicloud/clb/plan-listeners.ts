import { Fault } from '../../../core/fault.ts'
import { foreignListener } from '../balancer/foreign-listeners.ts'
import { type At, isSame, oursAmong } from '../balancer/ours-among.ts'
import type { Parameters } from '../client/parameters.ts'
import type { ListenerCall } from './listener-call.ts'
import { domainCalls, ruleCalls, type SeenDomain, type SeenRule } from './plan-rules.ts'
import { rulePrefix, type Settings, USUAL, type WantedListener } from './wanted-listener.ts'

/** A listener as the list has it. */
export interface ListedListener {
  readonly port: number
  readonly protocol: string
  /** Has Tidegate made it? */
  readonly isOwn: boolean
  readonly isRunning: boolean
  readonly description: string
}

/** A listener as the cloud has it. */
export interface SeenListener extends ListedListener {
  readonly settings: Settings
  readonly rules: readonly SeenRule[]
  readonly domains: readonly SeenDomain[]
}

/** Of what the instance has. A new listener of layer 4 has to be told. */
const UNLIMITED = -1

/** Whose the listeners are, and what of them. */
export interface Owner {
  readonly installation: string
  readonly adopts: boolean
  /** The ids of the certificates that it has uploaded. */
  readonly uploaded: ReadonlySet<string>
}

/** What is to be called, in this order, so that the listeners that are Tidegate's are just these. Rules and certificates that others have
 *  added to them stay. Pure. Throws Fault where somebody else's stands in the way. */
export function planListeners(
  wanted: readonly WantedListener[],
  seen: readonly SeenListener[],
  owner: Owner,
): readonly ListenerCall[] {
  const own = seen.filter(oursAmong(wanted, owner))
  for (const one of wanted) refuseForeign(one, seen, own)
  const gone = own.filter((one) => !wanted.some((other) => isSame(one, other)))
  return [
    ...gone.map(({ port, protocol }) => call('DeleteLoadBalancerListener', { port, protocol })),
    ...wanted.flatMap((one) => {
      const there = own.find((other) => isSame(other, one))
      return there ? changes(there, one, owner) : creation(one)
    }),
  ]
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
  if (there !== undefined && !own.includes(there)) throw foreignListener(port, there)
}

function creation({ port, protocol, settings, rules, domains }: WantedListener): readonly ListenerCall[] {
  const query = { ListenerPort: port, Bandwidth: UNLIMITED, ...sent(settings, protocol, true) }
  const nobody = { port, protocol, isOurs: () => true, adopts: false }
  return [
    { action: `CreateLoadBalancer${protocol.toUpperCase()}Listener`, query },
    ...ruleCalls(nobody, [], rules),
    ...domainCalls(nobody, [], domains),
    call('StartLoadBalancerListener', { port, protocol }),
  ]
}

function changes(there: SeenListener, wanted: WantedListener, owner: Owner): readonly ListenerCall[] {
  const { port, protocol, settings, rules, domains } = wanted
  refuseOtherPort(there, wanted)
  const { installation, adopts, uploaded } = owner
  // With one that is taken over comes all that it has.
  const isAdopted = !there.isOwn
  const isOurRule = ({ name }: SeenRule) => isAdopted || name.startsWith(rulePrefix(installation))
  const isOurDomain = ({ certificate }: SeenDomain) => isAdopted || uploaded.has(certificate)
  const differs = Object.entries(settings).some(([name, value]) => !isSet(there.settings, name, value))
  const set = {
    action: `SetLoadBalancer${protocol.toUpperCase()}ListenerAttribute`,
    query: { ListenerPort: port, ...sent(settings, protocol, false) },
  }
  return [
    ...ruleCalls({ port, protocol, adopts, isOurs: isOurRule }, there.rules, rules),
    ...domainCalls({ port, protocol, adopts, isOurs: isOurDomain }, there.domains, domains),
    // Last, for by its description it becomes ours: what it has must be so before.
    ...(differs ? [set] : []),
    ...(there.isRunning ? [] : [call('StartLoadBalancerListener', wanted)]),
  ]
}

function call(action: string, { port, protocol }: At): ListenerCall {
  return { action, query: { ListenerPort: port, ListenerProtocol: protocol } }
}

/** Nothing is as good as what is usual, and so is the port of the servers. */
function isSet(there: Settings, name: string, wanted: string | number): boolean {
  const is = String(there[name] ?? '')
  if (is === String(wanted)) return true
  return isUsual(name, wanted) && (is === '' || is === String(there.BackendServerPort))
}

function isUsual(name: string, value: string | number): boolean {
  return Object.entries(USUAL).some(([usual, is]) => usual === name && is === value)
}

/** Layer 4 has names of its own for the same. A new listener is not told what is usual. */
function sent(settings: Settings, protocol: string, isNew: boolean): Parameters {
  const { VServerGroupId, BackendServerPort, ...others } = settings
  const told = Object.entries(others).filter(([name, value]) => !isNew || !isUsual(name, value))
  const all = { ...Object.fromEntries(told), ...sentGroup({ VServerGroupId, BackendServerPort }, isNew) }
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
