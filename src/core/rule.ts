/** One rule of a listener: which requests it takes, and what becomes of them. The first that matches wins. */
export interface RuleSpec {
  readonly match: MatchSpec
  readonly action: ActionSpec
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
export type ActionSpec = { readonly kind: 'pool'; readonly pool: string }

/** Every pool that a rule may send something to. */
export function poolsOf({ action }: RuleSpec): readonly string[] {
  return [action.pool]
}
