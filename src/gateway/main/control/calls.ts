import type { Member, MemberSpec } from '../../../core/balancer.ts'
import type { Purge, PurgeResult } from '../../../core/cache.ts'
import type { ConfigureCall, DropCall, GatewayStats, GatewayStatus, PutCall } from '../../../core/control.ts'
import { Fault, userFault } from '../../../core/fault.ts'
import type { Millis } from '../../../core/time.ts'
import { checkSpec } from './check-spec.ts'

const MAX_WEIGHT = 1000
const MAX_WINDOW_MS = 60_000
/** A day; timers end at 24 of them. */
const MAX_DRAIN_MS = 86_400_000

/** What the control socket can do. */
export interface Controlled {
  status(): GatewayStatus
  members(pool: string): readonly Member[]
  stats(windowMs: Millis): GatewayStats
  claim(epoch: number): Promise<void>
  configure(epoch: number, spec: ConfigureCall['spec']): Promise<void>
  put(epoch: number, pool: string, members: readonly MemberSpec[]): Promise<void>
  drop(epoch: number, pool: string, ids: readonly string[]): Promise<void>
  upgrade(drainMs: Millis): Promise<{ readonly pid: number }>
  purge(what: Purge): Promise<PurgeResult>
  stop(drainMs: Millis): Promise<void>
}

/** Does what `METHOD /path` asks. Throws Fault, `request.invalid` for what it does not understand. */
export async function answerCall(
  gateway: Controlled,
  route: string,
  query: URLSearchParams,
  body: string,
): Promise<unknown> {
  switch (route) {
    case 'GET /status':
      return gateway.status()
    case 'GET /members':
      return gateway.members(query.get('pool') ?? '')
    case 'GET /stats':
      return gateway.stats(within(Number(query.get('windowMs')), MAX_WINDOW_MS, 'windowMs'))
    case 'POST /claim':
      return gateway.claim(epochOf(parse(body)))
    case 'PUT /spec': {
      const call = parse<ConfigureCall>(body)
      return gateway.configure(epochOf(call), checkSpec(call.spec))
    }
    case 'PUT /members': {
      const call = parse<PutCall>(body)
      return gateway.put(epochOf(call), text(call.pool, 'pool'), list(call.members, 'members').map(memberOf))
    }
    case 'POST /drop': {
      const call = parse<DropCall>(body)
      return gateway.drop(
        epochOf(call),
        text(call.pool, 'pool'),
        list(call.ids, 'ids').map((id) => text(id, 'id')),
      )
    }
    case 'POST /upgrade':
      return gateway.upgrade(
        within(Number(parse<{ drainMs: unknown }>(body).drainMs), MAX_DRAIN_MS, 'drainMs'),
      )
    case 'POST /purge':
      return gateway.purge(purgeOf(parse(body)))
    case 'POST /stop': {
      // Answered at once: the connection that asks would otherwise outlive what it asks for.
      void gateway.stop(within(Number(parse<{ drainMs: unknown }>(body).drainMs), MAX_DRAIN_MS, 'drainMs'))
      return {}
    }
    default:
      throw new Fault('not-found', `there is no ${route}`, { source: 'user', retry: 'no' })
  }
}

function invalid(message: string): Fault {
  return userFault('request.invalid', message)
}

function parse<T>(body: string): Partial<T> {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Partial<T>
  } catch {
    throw invalid('the body is not JSON')
  }
  throw invalid('the body is not a JSON object')
}

function epochOf(call: { epoch?: unknown }): number {
  return within(call.epoch, Number.MAX_SAFE_INTEGER, 'epoch')
}

function purgeOf({ kind, url }: { kind?: unknown; url?: unknown }): Purge {
  if (kind === 'everything') return { kind }
  if (kind !== 'url' && kind !== 'prefix') throw invalid('kind: expected "url", "prefix" or "everything"')
  return { kind, url: text(url, 'url') }
}

function within(value: unknown, max: number, name: string): number {
  if (typeof value === 'number' && value >= 0 && value <= max) return value
  throw invalid(`${name}: expected a number from 0 to ${max}`)
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalid(`${name}: expected a text`)
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalid(`${name}: expected a list`)
}

function memberOf(value: unknown): MemberSpec {
  const { id, address, weight } = (value ?? {}) as Partial<MemberSpec>
  return {
    id: text(id, 'id'),
    address: text(address, 'address'),
    weight: within(weight, MAX_WEIGHT, 'weight'),
  }
}
