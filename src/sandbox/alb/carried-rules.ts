import type { ActionSpec, EditsSpec, FieldMatch, MatchSpec, RuleSpec } from '../../core/rule.ts'
import type { World } from '../world.ts'
import type { Listener, Rule } from './state.ts'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of the cloud, and of our own gateway.

type Part = Readonly<Record<string, unknown>>
type PoolOf = (group: string) => string

/** What a listener does with requests, the first priority first. Pure. */
export function rulesOf(world: World, listener: Listener, poolOf: PoolOf): readonly RuleSpec[] {
  return [...world.alb.of.rule.values()]
    .filter((rule) => rule.listener === listener.id && rule.direction === 'Request' && rule.work !== 'Create')
    .sort((a, b) => a.priority - b.priority)
    .flatMap(({ conditions, actions }) => {
      const does = doneBy(actions, listener, poolOf)
      return matchesOf(conditions).map((match) => ({ match, ...does }))
    })
}

/** Any value of a condition is enough: where the gateway asks for all of a list, a rule becomes several. */
function matchesOf(conditions: Rule['conditions']): readonly MatchSpec[] {
  return conditions.reduce<readonly MatchSpec[]>(
    (matches, condition) => {
      const each = alternativesOf(String(condition.Type), configOf(condition))
      return matches.flatMap((match) => each.map((one) => together(match, one)))
    },
    [{}],
  )
}

function together(match: MatchSpec, more: MatchSpec): MatchSpec {
  const both = (name: 'headers' | 'cookies' | 'query') => {
    const fields = [...(match[name] ?? []), ...(more[name] ?? [])]
    return fields.length > 0 && { [name]: fields }
  }
  return { ...match, ...more, ...both('headers'), ...both('cookies'), ...both('query') }
}

function alternativesOf(type: string, config: Part): readonly MatchSpec[] {
  const values = (config.Values ?? []) as readonly string[]
  const pairs = values as unknown as readonly { readonly Key: string; readonly Value?: string }[]
  const fields = () => pairs.map(({ Key, Value = '*' }) => fieldOf(Key, [Value]))
  switch (type) {
    case 'Host':
      return [{ headers: [{ name: 'host', is: 'regex', value: `(?i)${anyOf(values, '(?::[0-9]+)?')}` }] }]
    case 'Path':
      return [{ pathRegex: anyOf(values) }]
    case 'Method':
      return [{ methods: values }]
    case 'SourceIp':
      return [{ sources: values }]
    case 'Header':
      return [{ headers: [fieldOf(String(config.Key).toLowerCase(), values)] }]
    case 'Cookie':
      return fields().map((field) => ({ cookies: [field] }))
    case 'QueryString':
      return fields().map((field) => ({ query: [field] }))
    default:
      return []
  }
}

function fieldOf(name: string, values: readonly string[]): FieldMatch {
  return { name, is: 'regex', value: anyOf(values) }
}

/** A regular expression for any of these, of which one that begins with `~` is one already, found anywhere (`~*`: in capitals or not). */
function anyOf(values: readonly string[], end = ''): string {
  const patterns = values.map((value) => {
    if (value.startsWith('~*')) return `(?i:${value.slice(2)})`
    return value.startsWith('~') ? value.slice(1) : `^${wildcards(value)}${end}$`
  })
  return patterns.join('|')
}

/** `*` stands for any letters, `?` for one. */
function wildcards(text: string): string {
  return text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
}

function configOf(part: Part): Part {
  return (part[`${part.Type}Config`] ?? {}) as Part
}

/** What becomes of a request, by the names of
 *  https://www.alibabacloud.com/help/en/slb/application-load-balancer/developer-reference/api-alb-2020-06-16-createrules. What the gateway
 *  cannot do is its answer. */
function doneBy(actions: Rule['actions'], listener: Listener, poolOf: PoolOf): Omit<RuleSpec, 'match'> {
  const others = actions.filter((part) => editOf(part) === null)
  const ends = others.map((part) => endOf(part, listener, poolOf) ?? notCarried(part))
  const action = ends.find((end) => end.kind === 'respond') ?? ends[0]!
  const edits = actions.flatMap((part) => editOf(part) ?? [])
  return {
    action,
    ...(edits.length > 0 && {
      request: {
        remove: edits.flatMap((edit) => edit.remove ?? []),
        set: edits.flatMap((edit) => edit.set ?? []),
        add: edits.flatMap((edit) => edit.add ?? []),
      },
    }),
  }
}

function editOf(part: Part): Partial<EditsSpec> | null {
  const { Key, Value, ValueType, CoverEnabled } = configOf(part)
  const name = String(Key).toLowerCase()
  if (part.Type === 'RemoveHeader') return { remove: [name] }
  if (part.Type !== 'InsertHeader' || ValueType !== 'UserDefined') return null
  const header = { name, value: String(Value) }
  return CoverEnabled === false ? { add: [header] } : { set: [header] }
}

/** null = the gateway cannot. */
function endOf(part: Part, listener: Listener, poolOf: PoolOf): ActionSpec | null {
  const config = configOf(part) as Readonly<Record<string, string | undefined>>
  if (part.Type === 'ForwardGroup') return forwardOf(configOf(part), poolOf)
  if (part.Type === 'Redirect') return redirectOf(config, listener)
  if (part.Type !== 'FixedResponse') return null
  const { HttpCode, Content = '', ContentType = 'text/plain' } = config
  return { kind: 'respond', status: Number(HttpCode), body: Content, type: ContentType }
}

function notCarried({ Type }: Part): ActionSpec {
  return { kind: 'respond', status: 501, body: `the sandbox does not carry ${Type}\n`, type: 'text/plain' }
}

function forwardOf(config: Part, poolOf: PoolOf): ActionSpec {
  const tuples = config.ServerGroupTuples as readonly { ServerGroupId: string; Weight?: number }[]
  if (tuples.length === 1) return { kind: 'pool', pool: poolOf(tuples[0]!.ServerGroupId) }
  const shares = tuples.map(({ ServerGroupId, Weight = 100 }) => ({
    pool: poolOf(ServerGroupId),
    weight: Weight,
  }))
  const { Enabled = false, Timeout = 1000 } = (config.ServerGroupStickySession ?? {}) as Sticky
  const sticky = { by: 'cookie', name: 'SERVERGROUPID', lifetimeMs: Timeout * 1000 } as const
  return { kind: 'split', shares, sticky: Enabled ? sticky : null }
}

interface Sticky {
  readonly Enabled?: boolean
  readonly Timeout?: number
}

const PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/** `${host}`, `${path}` and `${query}` are called so in both. */
function redirectOf(
  config: Readonly<Record<string, string | undefined>>,
  { protocol, port }: Listener,
): ActionSpec | null {
  const { Protocol = '${protocol}', Host = '${host}', Port = '${port}' } = config
  const { Path = '${path}', Query = '${query}', HttpCode = '301' } = config
  const scheme = Protocol === '${protocol}' ? protocol.toLowerCase() : Protocol.toLowerCase()
  const at = Port === '${port}' ? String(port) : Port
  const isWhole = Query === '${query}' || Query === ''
  // Ours begins with its question mark, or is empty.
  if (!isWhole && Query.includes('${query}')) return null
  const to = `${scheme}://${Host}${at === PORTS[scheme] ? '' : `:${at}`}${Path}${isWhole ? Query : `?${Query}`}`
  return { kind: 'redirect', status: Number(HttpCode), to }
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: variables of the cloud, and of our own gateway.
