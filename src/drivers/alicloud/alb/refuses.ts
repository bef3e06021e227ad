import { isIP, isIPv4 } from 'node:net'
import { type BalancerSpec, type ListenerSpec, type PoolSpec, parseAddress } from '../../../core/balancer.ts'
import type { ConfigProblem } from '../../../core/driver.ts'
import {
  type ActionSpec,
  type MatchSpec,
  poolsOf,
  type RespondSpec,
  type RuleSpec,
} from '../../../core/rule.ts'
import { checkProblems } from '../balancer/checks.ts'
import { sharedGroups } from '../balancer/shared-groups.ts'
import { albPool } from './config.ts'
import { CHECKS, SCHEDULERS } from './group-settings.ts'
import { mediaType, redirectOf } from './rule-parts.ts'

type Path = readonly (string | number)[]

/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/product-overview/limits */
const MOST_RULES = 100
const MOST_CONDITIONS = 10
/** https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createrules */
const MOST_SHARES = 5
const MOST_SOURCES = 5
const MOST_BODY = 1024
const MEDIA_TYPES = ['text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json']
const KEEPS_QUERY =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: our own variables.
  'it always keeps the query; expected it at the end, such as https://${host}${path}${query}'

/** What of a specification ALB cannot do although it knows the key. */
export function albRefuses({ listeners, pools }: BalancerSpec): readonly ConfigProblem[] {
  const byName = new Map(pools.map((pool) => [pool.name, pool]))
  return [
    ...listeners.flatMap((listener) => [...ofListener(listener), ...ofProtocols(listener, byName)]),
    ...pools.flatMap((pool) => [...ofServers(pool), ...ofSettings(pool)]),
    ...sharedGroups(pools.map(({ name, part }) => ({ name, group: albPool(part).serverGroup }))),
  ]
}

function ofListener({ name, bind, protocol, pool, rules, tls }: ListenerSpec): readonly ConfigProblem[] {
  const at = ['listeners', name]
  const problems: ConfigProblem[] = []
  if (bind.host !== '')
    problems.push({ path: [...at, 'bind'], message: `it listens at its own address; expected :${bind.port}` })
  if (protocol !== 'http' && protocol !== 'https')
    problems.push({ path: [...at, 'protocol'], message: `expected http or https, got ${protocol}` })
  if (pool === null) problems.push({ path: at, message: 'expected a pool, for what no rule takes' })
  if (tls?.certificates.length === 0)
    problems.push({ path: [...at, 'tls', 'certificates'], message: 'expected at least one certificate' })
  if (tls?.minVersion === 'TLSv1.3')
    problems.push({ path: [...at, 'tls', 'min-version'], message: 'expected TLSv1.2: it speaks that too' })
  if (rules.length > MOST_RULES)
    problems.push({ path: [...at, 'rules'], message: `expected at most ${MOST_RULES} rules` })
  for (const [index, { action }] of rules.entries())
    if (protocol === 'https' && action.kind === 'redirect' && action.to.startsWith('http:'))
      problems.push({
        path: [...at, 'rules', index, 'redirect', 'to'],
        message: 'an https listener redirects to https alone',
      })
  return [...problems, ...rules.flatMap((rule, index) => ofRule(rule, [...at, 'rules', index]))]
}

/** What a listener may send to: https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createservergroup */
function ofProtocols(
  { name, protocol, pool, rules }: ListenerSpec,
  pools: ReadonlyMap<string, PoolSpec>,
): readonly ConfigProblem[] {
  if (protocol !== 'http') return []
  const goals = new Set([...(pool === null ? [] : [pool]), ...rules.flatMap(poolsOf)])
  return [...goals].flatMap((goal) => {
    const part = albPool(pools.get(goal)?.part)
    if (part.serverGroup !== null || part.protocol === 'HTTP') return []
    const message = `listener ${name} speaks http, and only https listeners send to servers by ${part.protocol}`
    return [{ path: ['pools', goal, 'server-protocol'], message }]
  })
}

function ofRule({ match, action }: RuleSpec, path: Path): readonly ConfigProblem[] {
  return [...ofMatch(match, [...path, 'match']), ...ofAction(action, path)]
}

function ofMatch(match: MatchSpec, path: Path): readonly ConfigProblem[] {
  const { headers = [], cookies = [], query = [], sources = [], methods = [] } = match
  const problems: ConfigProblem[] = []
  const fields = { header: headers, cookie: cookies, query }
  for (const [key, list] of Object.entries(fields))
    for (const field of list) {
      const at = [...path, key, field.name]
      if (field.is === 'regex' || field.is === 'absent')
        problems.push({ path: at, message: 'it compares values and prefixes; expected one of these' })
      else if ('value' in field && /[*?]/.test(field.value))
        problems.push({ path: at, message: 'to it, * and ? in a value stand for others; expected none' })
    }
  if (sources.length > MOST_SOURCES)
    problems.push({ path: [...path, 'source'], message: `expected at most ${MOST_SOURCES} networks` })
  const count =
    headers.length +
    cookies.length +
    query.length +
    sources.length +
    methods.length +
    Number(match.host !== undefined) +
    Number(match.path !== undefined)
  if (count > MOST_CONDITIONS)
    problems.push({ path, message: `expected at most ${MOST_CONDITIONS} values to compare, got ${count}` })
  return problems
}

function ofAction(action: ActionSpec, path: Path): readonly ConfigProblem[] {
  switch (action.kind) {
    case 'pool':
      return []
    case 'split':
      if (action.shares.length <= MOST_SHARES) return []
      return [{ path: [...path, 'split', 'pools'], message: `expected at most ${MOST_SHARES} pools` }]
    case 'redirect':
      if (redirectOf(action.to) !== null) return []
      return [{ path: [...path, 'redirect', 'to'], message: KEEPS_QUERY }]
    case 'respond':
      return ofAnswer(action, [...path, 'respond'])
    default:
      return action satisfies never
  }
}

function ofAnswer({ status, body, type }: RespondSpec, path: Path): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (status >= 300 && status < 400)
    problems.push({ path: [...path, 'status'], message: `expected 2xx, 4xx or 5xx, got ${status}` })
  if (body.length > MOST_BODY || !/^[\t\n\r -~]*$/.test(body))
    problems.push({ path: [...path, 'body'], message: 'expected at most 1 KiB of ASCII' })
  if (!MEDIA_TYPES.includes(mediaType(type)))
    problems.push({
      path: [...path, 'type'],
      message: `expected one of ${MEDIA_TYPES.join(', ')}, got ${mediaType(type)}`,
    })
  return problems
}

function ofServers({ name, servers, part }: PoolSpec): readonly ConfigProblem[] {
  const pool = albPool(part)
  const isOfAddresses = pool.serverGroup === null && pool.type === 'Ip'
  return servers.flatMap(({ address }, index) => {
    const host = parseAddress(address)?.host ?? ''
    if (isOfAddresses ? isIPv4(host) : isIP(host) !== 0) return []
    const what = isOfAddresses ? 'an IPv4 address and port' : 'the private address and port of an instance'
    return [
      { path: ['pools', name, 'servers', index, 'address'], message: `expected ${what}, got ${address}` },
    ]
  })
}

/** A group that the pool names has settings of its own. */
function ofSettings(pool: PoolSpec): readonly ConfigProblem[] {
  if (albPool(pool.part).serverGroup !== null) return []
  const { name, algorithm, health } = pool
  const problems: ConfigProblem[] = []
  const expects = (key: readonly string[], known: object, got: string) => {
    if (Object.hasOwn(known, got)) return
    const message = `expected one of ${Object.keys(known).join(', ')}, got ${got}`
    problems.push({ path: ['pools', name, ...key], message })
  }
  expects(['algorithm'], SCHEDULERS, algorithm)
  expects(['health', 'type'], CHECKS, health.type)
  return [...problems, ...checkProblems(pool, ['GET', 'HEAD', 'POST'])]
}
