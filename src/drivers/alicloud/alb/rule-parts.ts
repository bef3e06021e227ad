import type { ActionSpec, FieldMatch, MatchSpec, SplitSpec } from '../../../core/rule.ts'
import { cloudWeight } from '../balancer/backend.ts'
import type { Parameter, Parameters } from '../client/parameters.ts'

/** Conditions and actions of rules, by the names of
 *  https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createrules. Pure, of what
 *  `albRefuses` has not refused. */
export function conditionsOf(match: MatchSpec): readonly Parameters[] {
  const { host, path, methods, headers = [], cookies = [], query = [], sources } = match
  const conditions = [
    ...(host === undefined ? [] : [condition('Host', { Values: [host] })]),
    ...(path === undefined ? [] : [condition('Path', { Values: pathsOf(path) })]),
    ...(methods === undefined ? [] : [condition('Method', { Values: methods })]),
    ...headers.map((one) => condition('Header', { Key: one.name, Values: [patternOf(one)] })),
    ...cookies.map((one) => condition('Cookie', { Values: [pairOf(one)] })),
    ...query.map((one) => condition('QueryString', { Values: [pairOf(one)] })),
    ...(sources === undefined ? [] : [condition('SourceIp', { Values: sources })]),
  ]
  // A rule has one at least.
  return conditions.length > 0 ? conditions : [condition('Path', { Values: ['/*'] })]
}

function condition(Type: string, config: Parameters): Parameters {
  return { Type, [`${Type}Config`]: config }
}

/** Ours takes the prefix itself too. */
function pathsOf(path: string): readonly string[] {
  return path.endsWith('/*') && path !== '/*' ? [path.slice(0, -2), path] : [path]
}

function pairOf(field: FieldMatch): Parameters {
  return { Key: field.name, Value: patternOf(field) }
}

/** With `*` for whatever. */
function patternOf(field: FieldMatch): string {
  if (!('value' in field)) return '*'
  return field.is === 'prefix' ? `${field.value}*` : field.value
}

export function actionOf(action: ActionSpec, groups: ReadonlyMap<string, string>): Parameters {
  switch (action.kind) {
    case 'pool':
      return forwardTo([{ ServerGroupId: groups.get(action.pool) }])
    case 'split':
      return forwardTo(sharesOf(action, groups))
    case 'redirect':
      return ending('Redirect', { ...redirectOf(action.to), HttpCode: action.status })
    case 'respond': {
      const { body, status, type } = action
      return ending('FixedResponse', { Content: body, ContentType: mediaType(type), HttpCode: status })
    }
    default:
      return action satisfies never
  }
}

export function forwardTo(ServerGroupTuples: readonly Parameter[]): Parameters {
  return ending('ForwardGroup', { ServerGroupTuples })
}

function ending(Type: string, config: Parameters): Parameters {
  return { Type, Order: 1, [`${Type}Config`]: config }
}

function sharesOf({ shares }: SplitSpec, groups: ReadonlyMap<string, string>): readonly Parameters[] {
  const heaviest = Math.max(0, ...shares.map(({ weight }) => weight))
  return shares.map((share) => ({
    ServerGroupId: groups.get(share.pool),
    Weight: cloudWeight(share, heaviest),
  }))
}

const REDIRECT =
  /^(?:(https?|\$\{scheme\}):\/\/(\$\{host\}|[^/:?#$]+)(?::(\d+))?)?((?:\/[^?#$]*)?(?:\$\{path\})?)\$\{query\}$/
/** Variables of ours by the names that the cloud gives them, and what stands where nothing is written. */
const SCHEMES: Readonly<Record<string, { readonly Protocol: string; readonly Port: string }>> = {
  http: { Protocol: 'HTTP', Port: '80' },
  https: { Protocol: 'HTTPS', Port: '443' },
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the cloud's own variables.
  '${scheme}': { Protocol: '${protocol}', Port: '${port}' },
}
const QUERY = '${query}'
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the cloud's own variables.

/** Null when ALB cannot redirect there: it always keeps the query. */
export function redirectOf(to: string): Parameters | null {
  const match = REDIRECT.exec(to)
  if (match === null) return null
  const [, scheme, Host, port, path] = match
  const { Protocol, Port } = SCHEMES[scheme ?? ''] ?? {}
  return { Protocol, Host, Port: port ?? Port, Path: path === '' ? '/' : path, Query: QUERY }
}

/** Without its parameters. */
export function mediaType(type: string): string {
  return type.split(';')[0]!.trim().toLowerCase()
}
