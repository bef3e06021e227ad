import { isIP } from 'node:net'
import {
  type BalancerSpec,
  isHttp,
  type ListenerSpec,
  type PoolSpec,
  type Protocol,
  parseAddress,
} from '../../../core/balancer.ts'
import type { ConfigProblem } from '../../../core/driver.ts'
import { type MatchSpec, poolsOf, type RuleSpec } from '../../../core/rule.ts'
import { checkProblems } from '../balancer/checks.ts'
import { sharedGroups } from '../balancer/shared-groups.ts'
import { type ClbPool, clbPool } from './config.ts'
import { knowsProtocol, SCHEDULERS } from './words.ts'

/** What of a specification CLB cannot do although it knows the key:
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/developer-reference/api-slb-2014-05-15-createloadbalancerhttplistener. */
export function clbRefuses({ listeners, pools }: BalancerSpec): readonly ConfigProblem[] {
  return [
    ...listeners.flatMap((listener) => ofListener(listener)),
    ...ofDefaultGroup({ listeners, pools }),
    ...sharedGroups(pools.map(({ name, part }) => ({ name, group: virtualGroup(clbPool(part)) }))),
    ...pools.flatMap((pool) => {
      const senders = listeners.filter(
        (one) => one.pool === pool.name || one.rules.some((r) => poolsOf(r).includes(pool.name)),
      )
      return [...ofServers(pool), ...senders.flatMap(({ protocol }) => ofPool(pool, protocol))]
    }),
  ]
}

/** The one that a pool names. */
function virtualGroup({ serverGroup, port }: ClbPool): string | null {
  return port === undefined ? serverGroup : null
}

/** One pool has it, and rules cannot send to it. */
function ofDefaultGroup({
  listeners,
  pools,
}: Pick<BalancerSpec, 'listeners' | 'pools'>): readonly ConfigProblem[] {
  const [first, ...others] = pools
    .filter(({ part }) => clbPool(part).port !== undefined)
    .map(({ name }) => name)
  if (first === undefined) return []
  const rules = listeners.flatMap(({ name, rules }) =>
    rules.flatMap((rule, index) =>
      poolsOf(rule).some((pool) => pool === first || others.includes(pool))
        ? [
            {
              path: ['listeners', name, 'rules', index],
              message: 'rules send to virtual groups alone; expected a pool without server-group: default',
            },
          ]
        : [],
    ),
  )
  return [
    ...rules,
    ...others.map((name) => ({
      path: ['pools', name, 'server-group'],
      message: `${first} has the default group; expected another one`,
    })),
  ]
}

function ofServers({ name, servers }: PoolSpec): readonly ConfigProblem[] {
  return servers.flatMap(({ address }, index) => {
    if (isIP(parseAddress(address)?.host ?? '') !== 0) return []
    const path = ['pools', name, 'servers', index, 'address']
    return [{ path, message: `expected the private address and port of an instance, got ${address}` }]
  })
}

function ofListener({ name, bind, protocol, pool, rules }: ListenerSpec): readonly ConfigProblem[] {
  const at = ['listeners', name]
  const problems: ConfigProblem[] = []
  if (bind.host !== '')
    problems.push({ path: [...at, 'bind'], message: `it listens at its own address; expected :${bind.port}` })
  if (!knowsProtocol(protocol))
    problems.push({ path: [...at, 'protocol'], message: `expected http, https, tcp or udp, got ${protocol}` })
  if (pool === null) problems.push({ path: at, message: 'expected a pool, for what no rule takes' })
  return [
    ...problems,
    ...rules.flatMap((rule, index) => ofRule(rule, [...at, 'rules', index], rules.slice(0, index))),
  ]
}

/** It compares prefixes of paths. The nearest host wins, then the longest path, whatever the order:
 *  https://www.alibabacloud.com/help/en/slb/classic-load-balancer/use-cases/forward-requests-based-on-domain-names-or-urls */
function ofRule(
  { match, action }: RuleSpec,
  path: readonly (string | number)[],
  before: readonly RuleSpec[],
): readonly ConfigProblem[] {
  if (action.kind !== 'pool') return [{ path, message: 'expected pool: it can only forward' }]
  if (match.path !== undefined && !match.path.endsWith('/*'))
    return [
      { path: [...path, 'match', 'path'], message: 'it compares the beginning of a path; expected /.../*' },
    ]
  if (match.host === undefined && prefixOf(match.path) === '/')
    return [{ path, message: 'it takes whatever comes; expected a host or a path, or pool of the listener' }]
  const message = before.map((one) => orderProblem(one.match, match)).find((problem) => problem !== null)
  return message ? [{ path, message }] : []
}

/** What is wrong with a rule that stands behind another; null = nothing. */
function orderProblem(first: MatchSpec, { host, path }: MatchSpec): string | null {
  const [before, after] = [prefixOf(first.path), prefixOf(path)]
  if (first.host === host)
    return after.startsWith(before)
      ? 'a rule before it takes all that this one matches, and there the longest path wins; expected it before that rule'
      : null
  const overlap = after.startsWith(before) || before.startsWith(after)
  return overlap && isNearer(host, first.host)
    ? 'a rule before it takes some of what this one matches, and there the nearest host wins; expected it before that rule'
    : null
}

/** Is this one of the hosts that the other one takes? */
function isNearer(host: string | undefined, other: string | undefined): boolean {
  if (other === undefined) return true
  return host !== undefined && other.startsWith('*.') && host.endsWith(other.slice(1))
}

function prefixOf(path = '/*'): string {
  return path.slice(0, -1)
}

function ofPool(pool: PoolSpec, protocol: Protocol): readonly ConfigProblem[] {
  return [...ofAlgorithm(pool, protocol), ...ofHealth(pool, protocol)]
}

function ofAlgorithm({ name, algorithm }: PoolSpec, protocol: Protocol): readonly ConfigProblem[] {
  const known = Object.keys(SCHEDULERS).filter((one) => !isHttp(protocol) || one === 'round-robin')
  if (known.includes(algorithm)) return []
  const path = ['pools', name, 'algorithm']
  return [
    { path, message: `expected ${known.join(' or ')} behind a listener of ${protocol}, got ${algorithm}` },
  ]
}

function ofHealth(pool: PoolSpec, protocol: Protocol): readonly ConfigProblem[] {
  const { name, health } = pool
  const at = ['pools', name, 'health']
  const types = isHttp(protocol) ? ['http'] : protocol === 'udp' ? ['udp'] : ['tcp', 'http']
  const problems: ConfigProblem[] = []
  if (!types.includes(health.type))
    problems.push({
      path: [...at, 'type'],
      message: `expected ${types.join(' or ')} behind a listener of ${protocol}, got ${health.type}`,
    })
  return [...problems, ...checkProblems(pool, ['GET', 'HEAD'])]
}
