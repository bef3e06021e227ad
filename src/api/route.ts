import { checkBody, checkQuery, type Fields, type ValuesOf } from './fields.ts'

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

/** A checked request, as a route's `answer` gets it. */
interface Ask<Path extends string, Query extends Fields, Body extends Fields> {
  readonly params: Readonly<Record<NamesIn<Path>, string>>
  readonly query: ValuesOf<Query>
  readonly body: ValuesOf<Body>
  /** On whose behalf, for the journal. */
  readonly by: string
}

interface RouteSpec<Path extends string, Query extends Fields, Body extends Fields> {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** As OpenAPI writes it: `/api/v1/pools/{name}`. */
  readonly path: Path
  readonly summary: string
  readonly query?: Query
  readonly body?: Body
  /** Of the body; left out, what most orders need. */
  readonly bodyBytes?: number
  /** Fields of the body that may hold secrets, which the audit does not keep. */
  readonly unkept?: readonly string[]
  /** The JSON answer. Throws Fault. */
  readonly answer: (ask: Ask<Path, Query, Body>) => unknown
}

/** A request as it came in: nothing of it is checked. */
export interface RawAsk {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly by: string
}

/** One operation of the admin API, for the server and for its OpenAPI document. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly summary: string
  readonly query: Fields
  readonly body: Fields
  readonly bodyBytes: number
  readonly unkept: readonly string[]
  readonly run: (raw: RawAsk) => unknown
}

const BODY_BYTES = 64 * 1024

/** Ties an answer to the fields that it reads, so that it sees only checked values. */
export function route<
  const Path extends string,
  const Query extends Fields = Record<never, never>,
  const Body extends Fields = Record<never, never>,
>(spec: RouteSpec<Path, Query, Body>): Route {
  const query = spec.query ?? ({} as Query)
  const body = spec.body ?? ({} as Body)
  return {
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    query,
    body,
    bodyBytes: spec.bodyBytes ?? BODY_BYTES,
    unkept: spec.unkept ?? [],
    run: (raw) =>
      spec.answer({
        params: raw.params as Record<NamesIn<Path>, string>,
        query: checkQuery(query, raw.query),
        body: checkBody(body, raw.body ?? {}),
        by: raw.by,
      }),
  }
}
