import { type ListenerSpec, type PoolSpec, transportOf } from '../../../core/balancer.ts'
import { hash64 } from '../../../core/hash.ts'
import type { HealthSpec } from '../../../core/health.ts'
import type { Millis } from '../../../core/time.ts'
import { markOf } from '../balancer/backend.ts'
import { statusClasses } from '../balancer/checks.ts'
import { drainSeconds } from '../balancer/drain.ts'
import type { Shown } from './certificates.ts'
import { clbPool } from './config.ts'
import { SCHEDULERS, type Words, wordsOf } from './words.ts'

/** In seconds: https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancertcplistener */
const LEAST_DRAIN = 10

/** What stands for what the file does not say: the port where a server takes its traffic, and its address. A listener that has never been
 *  told otherwise has none of them. */
export const USUAL = { HealthCheckConnectPort: -520, HealthCheckDomain: '$_ip' } as const

/** By the names that DescribeLoadBalancer...ListenerAttribute gives them. */
export type Settings = Readonly<Record<string, string | number>>

export interface ForwardingRule {
  readonly name: string
  /** '' = any. */
  readonly domain: string
  /** A prefix; '' = any. */
  readonly url: string
  readonly group: string
}

/** A listener of CLB as it should be. */
export interface WantedListener {
  readonly port: number
  readonly protocol: Words['protocol']
  readonly settings: Settings
  readonly rules: readonly ForwardingRule[]
  readonly domains: Shown['domains']
}

export interface Surroundings {
  readonly installation: string
  readonly pools: ReadonlyMap<string, PoolSpec>
  /** The group of each pool. */
  readonly groups: ReadonlyMap<string, string>
  /** By the listener; null where it has no certificates. */
  readonly shown: Shown | null
}

/** Pure. The specification is one that `clbRefuses` has not refused. */
export function wantedListener(listener: ListenerSpec, about: Surroundings): WantedListener {
  const { protocol } = wordsOf(listener.protocol)
  const pool = about.pools.get(listener.pool!)!
  const settings = {
    Description: listenerMark(about.installation, listener.name),
    ...target(pool, about),
    Scheduler: SCHEDULERS[pool.algorithm]!,
    ...checks(pool.health, protocol),
    ...(transportOf(listener.protocol) === 'tcp' && (protocol === 'http' || protocol === 'https')
      ? {
          StickySession: 'off',
          IdleTimeout: seconds(listener.limits.idleMs, 1, 60),
          RequestTimeout: seconds(listener.limits.responseMs, 1, 180),
        }
      : {}),
    ...(protocol === 'tcp' && {
      ConnectionDrain: 'on',
      ConnectionDrainTimeout: drainSeconds(pool, LEAST_DRAIN),
    }),
    ...(about.shown !== null && { ServerCertificateId: about.shown.certificate }),
  }
  const domains = about.shown?.domains ?? []
  return { port: listener.bind.port, protocol, settings, rules: rulesOf(listener, about), domains }
}

/** Its default group is none that it names: a listener of it says the port. */
function target({ name, part }: PoolSpec, { groups }: Surroundings): Settings {
  const { port } = clbPool(part)
  return port === undefined
    ? { VServerGroupId: groups.get(name)! }
    : { VServerGroupId: '', BackendServerPort: port }
}

/** Written as the description of a listener that Tidegate has made. */
export function listenerMark(installation: string, name: string): string {
  return markOf(installation, { id: name, fixed: true })
}

function checks(health: HealthSpec, protocol: Words['protocol']): Settings {
  const timeout =
    protocol === 'http' || protocol === 'https' ? 'HealthCheckTimeout' : 'HealthCheckConnectTimeout'
  return {
    HealthCheck: 'on',
    ...(protocol === 'tcp' && { HealthCheckType: health.type }),
    HealthyThreshold: health.healthy,
    UnhealthyThreshold: health.unhealthy,
    HealthCheckInterval: health.intervalMs / 1000,
    [timeout]: health.timeoutMs / 1000,
    HealthCheckConnectPort: health.port ?? USUAL.HealthCheckConnectPort,
    ...(health.type === 'http' && {
      HealthCheckURI: health.path,
      HealthCheckHttpCode: statusClasses(health).join(','),
      ...(protocol !== 'tcp' && { HealthCheckMethod: (health.http?.method ?? 'GET').toLowerCase() }),
      HealthCheckDomain: health.http?.host ?? USUAL.HealthCheckDomain,
    }),
  }
}

function rulesOf(listener: ListenerSpec, { installation, groups }: Surroundings): readonly ForwardingRule[] {
  return listener.rules.flatMap(({ match, action }) => {
    if (action.kind !== 'pool') return []
    const place = { domain: match.host ?? '', url: (match.path ?? '').replace(/\/\*$/, '') }
    return [{ name: ruleName(installation, place), ...place, group: groups.get(action.pool)! }]
  })
}

/** A name of 40 characters at most, by which a rule is known to be Tidegate's; of a listener no two have the same place. */
function ruleName(installation: string, { domain, url }: Pick<ForwardingRule, 'domain' | 'url'>): string {
  return `${rulePrefix(installation)}${hash64(`${domain} ${url}`).slice(0, 10)}`
}

/** Of the names of all rules that Tidegate has made. */
export function rulePrefix(installation: string): string {
  return `tidegate/${installation}/`
}

function seconds(ms: Millis, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(ms / 1000)))
}
