import type { SpreadSpec } from './algorithm.ts'
import type { CacheSpec } from './cache.ts'
import { armsOf, type CanarySpec } from './canary.ts'
import type { Millis } from './time.ts'
import type { CompressSpec, ConcurrencySpec, RateLimitSpec, SizeLimitSpec } from './traffic.ts'

/** One rule of a listener: which requests it takes, and what becomes of them. The first that matches wins. */
export interface RuleSpec {
  readonly match: MatchSpec
  readonly action: ActionSpec
  /** How servers of its pools are chosen for its requests; absent = as the pool says. */
  readonly spread?: SpreadSpec
  /** The traffic class that its requests are counted in. */
  readonly class?: string
  readonly rewrite?: RewriteSpec
  readonly mirror?: MirrorSpec
  /** Of what goes to the server. */
  readonly request?: EditsSpec
  readonly rateLimit?: RateLimitSpec
  readonly concurrency?: ConcurrencySpec
  readonly sizes?: SizeLimitSpec
  readonly compress?: CompressSpec
  readonly cache?: CacheSpec
  /** Of answers of servers, redirects and fixed ones; not of the gateway's error pages. */
  readonly response?: EditsSpec
}

/** An absent part matches everything; all parts that are there must match. */
export interface MatchSpec {
  /** `example.org` or `*.example.org`, in lower case; compared without port. */
  readonly host?: string
  /** `/exact` or `/prefix/*` (which also matches `/prefix`); compared with the path as it was sent, without query. */
  readonly path?: string
  /** RE2; found anywhere in the path unless it is anchored. */
  readonly pathRegex?: string
  /** One of them. */
  readonly methods?: readonly string[]
  /** Every one of them; names in lower case. */
  readonly headers?: readonly FieldMatch[]
  readonly cookies?: readonly FieldMatch[]
  /** Parameters of the query, names and values without their percent codes. */
  readonly query?: readonly FieldMatch[]
  /** The client's address is in one of these: `10.0.0.0/8`, `2001:db8::/32`. */
  readonly sources?: readonly string[]
  /** Media types of the request's body, in lower case; `image/*` is any of that kind. */
  readonly types?: readonly string[]
  readonly size?: SizeMatch
  /** The client has a verified certificate for one of these names; `*` = for whomever. */
  readonly clientCertificate?: readonly string[]
}

/** One field, by any of its values where it is there several times. */
export type FieldMatch =
  | { readonly name: string; readonly is: 'present' | 'absent' }
  | { readonly name: string; readonly is: 'exact' | 'prefix' | 'regex'; readonly value: string }

/** Of the request's body, in bytes, both inclusive. A body of unknown length is longer than any number; null = without end. */
export interface SizeMatch {
  readonly least: number
  readonly most: number | null
}

/** What becomes of the request in the end. */
export type ActionSpec =
  | { readonly kind: 'pool'; readonly pool: string }
  | SplitSpec
  | RedirectSpec
  | RespondSpec

/** Each request goes to one of several pools, by their weights. */
export interface SplitSpec {
  readonly kind: 'split'
  readonly shares: readonly { readonly pool: string; readonly weight: number }[]
  /** What keeps a client with the pool that it was given; null = nothing. */
  readonly sticky: StickySpec | null
  /** The first pool gives way to the second, which the controller moves the weights for; each side is counted. */
  readonly canary?: CanarySpec
}

export type StickySpec =
  | { readonly by: 'source' }
  | { readonly by: 'cookie'; readonly name: string; readonly lifetimeMs: Millis }

export interface RedirectSpec {
  readonly kind: 'redirect'
  /** 301, 302, 303, 307 or 308. */
  readonly status: number
  /** A template: `https://${host}${path}${query}`. */
  readonly to: string
}

export interface RespondSpec {
  readonly kind: 'respond'
  readonly status: number
  readonly body: string
  /** The body's Content-Type. */
  readonly type: string
}

/** Changes of a head, in this order: lines of a name go, are replaced by one, are added. Values are templates, names in lower case. */
export interface EditsSpec {
  readonly remove: readonly string[]
  readonly set: readonly HeaderSpec[]
  readonly add: readonly HeaderSpec[]
}

export interface HeaderSpec {
  readonly name: string
  readonly value: string
}

/** Another path towards the server; the query stays as it is. */
export type RewriteSpec =
  /** Both without a slash at their end. Paths that do not begin with the prefix stay as they are. */
  | { readonly by: 'prefix'; readonly prefix: string; readonly to: string }
  /** The first match is replaced; `$1` is what the first group matched. */
  | { readonly by: 'regex'; readonly regex: string; readonly to: string }

/** Copies of requests for another pool, whose answers nobody sees. */
export interface MirrorSpec {
  readonly pool: string
  /** Of the requests, from 0 to 1. */
  readonly share: number
  /** Requests with a longer body are not copied. */
  readonly bodyBytes: number
  /** Copies at a time, a worker; beyond it requests are not copied. */
  readonly inFlight: number
}

/** The pools whose servers may answer. */
export function targetsOf(action: ActionSpec): readonly string[] {
  if (action.kind === 'pool') return [action.pool]
  return action.kind === 'split' ? action.shares.map(({ pool }) => pool) : []
}

/** Every pool that a rule may send something to. */
export function poolsOf({ action, mirror }: RuleSpec): readonly string[] {
  const targets = targetsOf(action)
  return mirror === undefined || targets.length === 0 ? targets : [...targets, mirror.pool]
}

/** Every traffic class that rules name, and both sides of their canaries. */
export function classesOf(
  listeners: readonly { readonly rules: readonly RuleSpec[] }[],
): ReadonlySet<string> {
  return new Set(
    listeners.flatMap(({ rules }) =>
      rules.flatMap((rule) => {
        const canary = canaryOf(rule)
        return [
          ...(rule.class === undefined ? [] : [rule.class]),
          ...(canary === null ? [] : Object.values(armsOf(canary.name))),
        ]
      }),
    ),
  )
}

export function canaryOf({ action }: RuleSpec): CanarySpec | null {
  return (action.kind === 'split' && action.canary) || null
}
