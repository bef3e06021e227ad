import type { Millis } from '../../core/time.ts'
import type { FaultRule } from '../fault-rule.ts'
import { FORBIDDEN_CODES } from '../forbidden.ts'
import { Refusal } from '../refusal.ts'

type Field = 'text?' | 'number'
const KINDS = {
  latency: { ms: 'number' },
  throttled: {},
  forbidden: { code: 'text?' },
  html: { status: 'number' },
  empty: { status: 'number' },
  'lost-answer': {},
  'no-stock': { zone: 'text?', instanceType: 'text?' },
  dies: {},
  'job-fails': {},
  'zone-down': { zone: 'text?' },
} as const satisfies Record<FaultRule['fault']['kind'], Readonly<Record<string, Field>>>

/** They meet no single call. */
const OF_PLACES: readonly string[] = ['no-stock', 'dies', 'zone-down']

/** A fault as people order it: `{ kind, ...its own, share = 1, forMs = 60000, operation }`. Throws a Refusal that names what is wrong. */
export function readFault(raw: Readonly<Record<string, unknown>>, id: string, now: Millis): FaultRule {
  const { kind, share = 1, forMs = 60_000, operation, ...own } = raw
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind))
    throw wrong(`kind: expected one of ${Object.keys(KINDS).join(', ')}`)
  if (typeof share !== 'number' || !(share > 0 && share <= 1))
    throw wrong('share: expected a number above 0, up to 1')
  if (typeof forMs !== 'number' || !(forMs > 0)) throw wrong('forMs: expected milliseconds above 0')
  if (operation !== undefined && typeof operation !== 'string')
    throw wrong('operation: expected a text such as "ecs RunInstances"')
  if (operation !== undefined && OF_PLACES.includes(kind)) throw wrong(`operation: ${kind} has no such field`)
  if (kind === 'zone-down' && share !== 1) throw wrong('share: a zone is down as a whole')
  checkOwn(kind as keyof typeof KINDS, own)
  if (typeof own.code === 'string' && !FORBIDDEN_CODES.includes(own.code))
    throw wrong(`code: expected one of ${FORBIDDEN_CODES.join(', ')}`)
  const fault = { kind, ...own } as FaultRule['fault']
  return { id, fault, share, untilAt: now + forMs, ...(operation === undefined ? {} : { operation }) }
}

function checkOwn(kind: keyof typeof KINDS, own: Readonly<Record<string, unknown>>): void {
  const fields: Readonly<Record<string, Field>> = KINDS[kind]
  for (const name of Object.keys(own))
    if (!Object.hasOwn(fields, name)) throw wrong(`${name}: ${kind} has no such field`)
  for (const [name, how] of Object.entries(fields)) {
    const value = own[name]
    const isRight =
      how === 'number' ? typeof value === 'number' : value === undefined || typeof value === 'string'
    if (!isRight) throw wrong(`${name}: expected a ${how.replace('?', '')}`)
  }
}

export function wrong(message: string): Refusal {
  return new Refusal('InvalidRequest', message)
}
