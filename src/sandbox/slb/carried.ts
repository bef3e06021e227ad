import type { AffinitySpec } from '../../core/affinity.ts'
import type { Algorithm } from '../../core/algorithm.ts'
import type { ListenerSpec, MemberSpec, PoolSpec } from '../../core/balancer.ts'
import type { RuleSpec } from '../../core/rule.ts'
import { DEFAULT_GROUPS } from '../../core/tls.ts'
import { type Carried, CHECKS_ALONE, certificateFiles, LIMITS, UPSTREAM } from '../carry/carried.ts'
import type { World } from '../world.ts'
import { backendsOf, groupsOf, ipOf, portOf } from './backends-of.ts'
import { checkOf } from './carried-check.ts'
import type { Backend, ForwardingRule, Listener, LoadBalancer } from './state.ts'

/** What a real gateway serves of CLB: every running listener, at the address of its load balancer. */
export function carriedOfClb(world: World, folder: string): Carried {
  const running = [...world.slb.balancers.values()]
    .filter(({ isActive }) => isActive)
    .flatMap((balancer) =>
      balancer.listeners
        .filter(({ status }) => status === 'running')
        .map((listener) => ({ balancer, listener })),
    )
  return {
    listeners: running.map(({ balancer, listener }) => listenerOf(balancer, listener, folder)),
    pools: running.flatMap(({ balancer, listener }) =>
      groupsOf(listener).map((group) => ({
        ...poolOf(listener, backendsOf(world, balancer, group), world),
        name: poolName(balancer, listener, group),
      })),
    ),
  }
}

/** A pool for each group of each listener, for two listeners may check the same servers in two ways. */
function poolName({ id }: LoadBalancer, { protocol, port }: Listener, group: string): string {
  return `${id}/${protocol}/${port}/${group}`
}

function listenerOf(balancer: LoadBalancer, listener: Listener, folder: string): ListenerSpec {
  const { port, protocol, settings, rules, domains } = listener
  const certificate = settings.ServerCertificateId
  const idle = Number(settings.IdleTimeout ?? settings.EstablishedTimeout ?? UDP_IDLE)
  return {
    name: `${balancer.id}/${protocol}/${port}`,
    bind: { host: balancer.address, port },
    protocol,
    rules: inOrder(rules).map((rule) => ruleOf(rule, poolName(balancer, listener, rule.group))),
    pool: poolName(balancer, listener, groupsOf(listener)[0]!),
    limits: {
      ...LIMITS,
      idleMs: idle * 1000,
      ...(settings.RequestTimeout !== undefined && { responseMs: Number(settings.RequestTimeout) * 1000 }),
    },
    ...(settings.EnableHttp2 === 'off' && { http2: null }),
    ...(certificate !== undefined && {
      tls: {
        certificates: [String(certificate), ...domains.map((one) => one.certificate)].map((id) =>
          certificateFiles(folder, id),
        ),
        minVersion: 'TLSv1.2',
        groups: DEFAULT_GROUPS,
        handshakeMs: LIMITS.headerMs,
      },
    }),
  }
}

/** In seconds, for UDP has no setting of it. */
const UDP_IDLE = 90

/** The nearest first: a whole domain before one with a star before any, and the longer path. */
function inOrder(rules: readonly ForwardingRule[]): readonly ForwardingRule[] {
  const rank = ({ domain }: ForwardingRule) => (domain === '' ? 0 : domain.includes('*') ? 1 : 2)
  return rules.toSorted(
    (a, b) => rank(b) - rank(a) || b.domain.length - a.domain.length || b.url.length - a.url.length,
  )
}

/** A star stands at either end of a domain; a path is the beginning of those that it takes. */
function ruleOf({ domain, url }: ForwardingRule, pool: string): RuleSpec {
  const host = domain.toLowerCase()
  const begins = { name: 'host', is: 'regex', value: `^${escaped(host.slice(0, -1))}` } as const
  return {
    match: {
      ...(host.endsWith('.*') ? { headers: [begins] } : host !== '' && { host }),
      ...(url !== '' && { pathRegex: `^${escaped(url)}` }),
    },
    action: { kind: 'pool', pool },
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function poolOf(listener: Listener, backends: readonly Backend[], world: World): Omit<PoolSpec, 'name'> {
  const affinity = affinityOf(listener)
  return {
    algorithm: algorithmOf(listener),
    health: checkOf(listener),
    outlier: CHECKS_ALONE,
    slowStartMs: 0,
    upstream: UPSTREAM,
    // What gets no answer is tried on another server.
    retries: 1,
    servers: backends.map((backend) => memberOf(world, listener, backend)),
    fleets: [],
    ...(affinity !== null && { affinity }),
  }
}

function memberOf(world: World, listener: Listener, backend: Backend): MemberSpec {
  const address = `${ipOf(world, backend)}:${portOf(listener, backend)}`
  // In turn without weights, but for 0.
  const weight = listener.settings.Scheduler === 'rr' ? Math.min(backend.weight, 1) : backend.weight
  return { id: address, address, weight }
}

function algorithmOf({ settings }: Listener): Algorithm {
  const isPersistent = Number(settings.PersistenceTimeout ?? 0) > 0
  const isHashed =
    settings.Scheduler === 'sch' || settings.Scheduler === 'tch' || settings.Scheduler === 'qch'
  return isPersistent || isHashed ? 'source-hash' : 'round-robin'
}

/** By a cookie that the balancer puts in; one that it rewrites is left as it is. */
function affinityOf({ settings }: Listener): AffinitySpec | null {
  if (settings.StickySession !== 'on' || settings.StickySessionType !== 'insert') return null
  return { cookie: 'SERVERID', lifetimeMs: Number(settings.CookieTimeout) * 1000, secret: null }
}
