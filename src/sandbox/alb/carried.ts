import type { AffinitySpec } from '../../core/affinity.ts'
import type { Algorithm } from '../../core/algorithm.ts'
import type { ListenerSpec, MemberSpec, PoolSpec, UpstreamSpec } from '../../core/balancer.ts'
import { DEFAULT_GROUPS, type ListenerTlsSpec } from '../../core/tls.ts'
import { type Carried, CHECKS_ALONE, certificateFiles, LIMITS, UPSTREAM } from '../carry/carried.ts'
import type { World } from '../world.ts'
import { checkOf } from './carried-check.ts'
import { rulesOf } from './carried-rules.ts'
import type { Listener, LoadBalancer, ServerGroup } from './state.ts'

/** What a real gateway serves of ALB: every running listener, at each address of its load balancer. QUIC is not served, nor are rules of
 *  answers; and any zone's address leads to the servers of all. */
export function carriedOfAlb(world: World, folder: string): Carried {
  const balancers = [...world.alb.of.loadbalancer.values()].filter(isThere)
  const parts = balancers.map((balancer) => {
    const listeners = runningOf(world, balancer)
    return {
      listeners: listeners.flatMap((listener) => listenersOf(world, balancer, listener, folder)),
      pools: [...groupsOf(world, listeners)].map((group) => poolOf(balancer, group)),
    }
  })
  return {
    listeners: parts.flatMap(({ listeners }) => listeners),
    pools: parts.flatMap(({ pools }) => pools),
  }
}

/** One that is to be deleted serves until it is. */
function isThere({ work, isFailed }: LoadBalancer): boolean {
  return work !== 'Create' && !isFailed
}

function runningOf({ alb }: World, balancer: LoadBalancer): readonly Listener[] {
  return [...alb.of.listener.values()].filter(
    ({ balancer: id, isRunning, work, protocol }) =>
      id === balancer.id && isRunning && work !== 'Create' && protocol !== 'QUIC',
  )
}

/** Those of its listeners and of their rules. */
function groupsOf({ alb }: World, listeners: readonly Listener[]): ReadonlySet<ServerGroup> {
  const ids = new Set(listeners.map(({ id }) => id))
  const rules = [...alb.of.rule.values()].filter(({ listener }) => ids.has(listener))
  const groups = [...listeners.map(({ group }) => group), ...rules.flatMap((rule) => rule.groups)]
  return new Set(groups.map((id) => alb.of.servergroup.get(id)!))
}

function poolName({ id }: LoadBalancer, group: string): string {
  return `${id}/${group}`
}

function listenersOf(
  world: World,
  balancer: LoadBalancer,
  listener: Listener,
  folder: string,
): readonly ListenerSpec[] {
  const { port, settings } = listener
  const protocol = listener.protocol === 'HTTPS' ? 'https' : 'http'
  const nameOf = (group: string) => poolName(balancer, group)
  return balancer.zones.map(({ zone, address }) => ({
    name: `${balancer.id}/${protocol}/${port}/${zone}`,
    bind: { host: address, port },
    protocol,
    rules: rulesOf(world, listener, nameOf),
    pool: nameOf(listener.group),
    limits: {
      ...LIMITS,
      idleMs: settings.IdleTimeout * 1000,
      responseMs: settings.RequestTimeout * 1000,
    },
    ...(protocol === 'https' && { tls: tlsOf(listener, folder) }),
    // Without TLS it speaks HTTP/1.1 alone.
    ...((protocol === 'http' || !settings.Http2Enabled) && { http2: null }),
  }))
}

/** Certificates that have been deleted since are still shown, as what they were deployed to has a copy. */
function tlsOf({ certificates }: Listener, folder: string): ListenerTlsSpec {
  const shown = certificates
    .filter(({ work }) => work !== 'Associating')
    .toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
  return {
    certificates: shown.map(({ id }) => certificateFiles(folder, id.split('-')[0]!)),
    minVersion: 'TLSv1.2',
    groups: DEFAULT_GROUPS,
    handshakeMs: LIMITS.headerMs,
  }
}

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  Wrr: 'round-robin',
  Wlc: 'least-connections',
  Sch: 'source-hash',
  Uch: 'uri-hash',
}

function poolOf(balancer: LoadBalancer, group: ServerGroup): PoolSpec {
  const { Scheduler, SlowStartConfig } = group.settings
  const affinity = affinityOf(group)
  return {
    name: poolName(balancer, group.id),
    algorithm: ALGORITHMS[Scheduler]!,
    health: checkOf(group.settings.HealthCheckConfig),
    outlier: CHECKS_ALONE,
    slowStartMs: SlowStartConfig.SlowStartEnabled ? SlowStartConfig.SlowStartDuration * 1000 : 0,
    upstream: upstreamOf(group),
    // What gets no answer is tried on another server.
    retries: 1,
    servers: membersOf(group),
    fleets: [],
    ...(affinity !== null && { affinity }),
  }
}

/** One that leaves finishes what it holds. */
function membersOf({ servers }: ServerGroup): readonly MemberSpec[] {
  return servers
    .filter(({ work }) => work !== 'Adding')
    .map(({ ip, port, weight, work }) => {
      const address = `${ip}:${port}`
      return { id: address, address, weight: work === 'Removing' || work === 'Draining' ? 0 : weight }
    })
}

/** Certificates of servers are not looked at. */
function upstreamOf({ protocol }: ServerGroup): UpstreamSpec {
  const tls = { verify: false, ca: null, serverName: null, cert: null, key: null }
  if (protocol === 'HTTPS') return { ...UPSTREAM, tls }
  return protocol === 'gRPC' ? { ...UPSTREAM, protocol: 'http2' } : UPSTREAM
}

/** By a cookie that the balancer puts in; one that it rewrites is left as it is. */
function affinityOf({ settings }: ServerGroup): AffinitySpec | null {
  const { StickySessionEnabled, StickySessionType, CookieTimeout } = settings.StickySessionConfig
  if (!StickySessionEnabled || StickySessionType !== 'Insert') return null
  return { cookie: 'SERVERID', lifetimeMs: CookieTimeout * 1000, secret: null }
}
