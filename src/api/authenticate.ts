import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { AdminToken, Scope } from '../core/access.ts'
import { BY_HEADER, type ProblemDetails } from '../core/api.ts'
import { userFault } from '../core/fault.ts'
import type { Failures } from './failures.ts'
import { problemOf } from './problem.ts'

/** Who asks. */
export interface Operator {
  /** The token's name, and what its holder calls itself; for the journal and the audit. */
  readonly who: string
  readonly scope: Scope
}

export type Refusal = { readonly problem: ProblemDetails; readonly headers: Readonly<Record<string, string>> }

/** Whose token the request carries, or why it is refused (RFC 6750). Where no tokens are kept, everybody may do everything. */
export function authenticate(
  request: FastifyRequest,
  tokens: readonly AdminToken[] | null,
  failures: Failures,
): Operator | Refusal {
  const claimed = claimedName(request)
  if (tokens === null) return { who: claimed ?? 'api', scope: 'operate' }
  const waitMs = failures.waitMs(request.ip)
  if (waitMs > 0) return limited(waitMs)
  const given = bearerOf(request.headers.authorization)
  if (given === null) return unauthenticated('this API needs a token: "authorization: Bearer TOKEN"')
  const holder = holderOf(given, tokens)
  if (holder === null) {
    failures.add(request.ip)
    return unauthenticated('the token is not known here')
  }
  // Who has the token decides; what it calls itself is only told.
  return { who: claimed === null ? holder.name : `${holder.name} (${claimed})`, scope: holder.scope }
}

/** Why somebody of this scope may not do it; null when it may. */
export function forbiddenTo(operator: Operator, needs: Scope): Refusal | null {
  if (needs === 'read' || operator.scope === 'operate') return null
  const fault = userFault(
    'request.forbidden',
    `${operator.who} may only read; this needs the scope "operate"`,
  )
  return { problem: problemOf(fault), headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } }
}

export function isRefusal(result: Operator | Refusal): result is Refusal {
  return 'problem' in result
}

function holderOf(given: string, tokens: readonly AdminToken[]): AdminToken | null {
  const hash = createHash('sha256').update(given).digest()
  return tokens.find(({ sha256 }) => timingSafeEqual(hash, Buffer.from(sha256, 'hex'))) ?? null
}

function bearerOf(header: string | undefined): string | null {
  return /^bearer +([\x21-\x7e]{1,512}) *$/i.exec(header ?? '')?.[1] ?? null
}

function claimedName(request: FastifyRequest): string | null {
  const by = request.headers[BY_HEADER]
  return typeof by === 'string' && /^[\x20-\x7e]{1,64}$/.test(by) ? by : null
}

function unauthenticated(message: string): Refusal {
  const problem = problemOf(userFault('request.unauthenticated', message))
  return { problem, headers: { 'www-authenticate': 'Bearer' } }
}

function limited(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1000)
  const message = `too many wrong tokens came from this address; wait ${seconds} s`
  return {
    problem: problemOf(userFault('request.limited', message)),
    headers: { 'retry-after': `${seconds}` },
  }
}
