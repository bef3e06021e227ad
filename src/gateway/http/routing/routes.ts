import type { RuleSpec } from '../../../core/balancer.ts'

interface Route<Target> {
  readonly host: string | null
  /** True: `host` is a suffix with its leading dot. */
  readonly anyLabel: boolean
  readonly path: string | null
  /** True: `path` is a prefix without its trailing slash. */
  readonly anyRest: boolean
  readonly target: Target
}

/** The rules of one listener, compiled once a snapshot. First match wins. */
export class Routes<Target> {
  readonly #routes: readonly Route<Target>[]
  readonly #otherwise: Target | null

  /** `targets` must have every pool that the rules name. */
  constructor(rules: readonly RuleSpec[], otherwise: string | null, targets: ReadonlyMap<string, Target>) {
    this.#routes = rules.flatMap((rule) => {
      const target = targets.get(rule.pool)
      return target === undefined ? [] : [compile(rule, target)]
    })
    this.#otherwise = (otherwise === null ? null : targets.get(otherwise)) ?? null
  }

  /** Host as sent (case and port are ignored here), target with or without its query; null = no rule takes it. */
  match(host: string, target: string): Target | null {
    if (this.#routes.length === 0) return this.#otherwise
    const name = bareHost(host)
    const question = target.indexOf('?')
    const path = question < 0 ? target : target.slice(0, question)
    for (const route of this.#routes) {
      if (hostMatches(route, name) && pathMatches(route, path)) return route.target
    }
    return this.#otherwise
  }
}

function compile<Target>(rule: RuleSpec, target: Target): Route<Target> {
  const host = rule.host?.toLowerCase() ?? null
  const anyLabel = host?.startsWith('*.') ?? false
  const path = rule.path ?? null
  const anyRest = path?.endsWith('/*') ?? false
  return {
    host: host !== null && anyLabel ? host.slice(1) : host,
    anyLabel,
    path: path !== null && anyRest ? path.slice(0, -2) : path,
    anyRest,
    target,
  }
}

/** Lower case, without port and without the root's trailing dot. */
function bareHost(host: string): string {
  const colon = host.lastIndexOf(':')
  const name = colon > host.lastIndexOf(']') ? host.slice(0, colon) : host
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase()
}

function hostMatches(route: Route<unknown>, name: string): boolean {
  if (route.host === null) return true
  return route.anyLabel ? name.length > route.host.length && name.endsWith(route.host) : name === route.host
}

function pathMatches(route: Route<unknown>, path: string): boolean {
  if (route.path === null) return true
  if (!route.anyRest) return path === route.path
  if (!path.startsWith(route.path)) return false
  return path.length === route.path.length || path.charCodeAt(route.path.length) === 0x2f
}
