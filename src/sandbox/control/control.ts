import type { Millis } from '../../core/time.ts'
import { jsonAnswer, refusedAnswer } from '../answer.ts'
import { bill } from '../bill.ts'
import { measured } from '../cms/measured.ts'
import { withEcs, withInstance } from '../ecs/instances.ts'
import type { PrivatePool } from '../ecs/state.ts'
import type { Handled } from '../handle.ts'
import { Refusal } from '../refusal.ts'
import { settled } from '../settle.ts'
import type { HttpRequest } from '../wire/request.ts'
import { type Body, planned, type World, withEntry, withId } from '../world.ts'
import { readFault, wrong } from './read-fault.ts'
import { readMeasurement } from './read-measurement.ts'

const PREFIX = '/sandbox/'

interface Order {
  readonly world: World
  readonly now: Millis
  /** Of the query. */
  readonly asked: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

interface Obeyed {
  readonly world: World
  readonly body: Body
}

/** What people may ask of the sandbox itself, by method and path. It needs no signature: it stands on a loopback address. */
const ORDERS: Readonly<Record<string, (order: Order) => Obeyed>> = {
  'GET /sandbox/summary': ({ world, now }) => ({ world, body: summary(world, now) }),
  'GET /sandbox/bill': ({ world, now, asked }) => ({
    world,
    body: { yuan: bill(world, asked.tag ?? '', now) },
  }),
  'GET /sandbox/faults': ({ world, now }) => ({
    world,
    body: { items: world.faults.filter(({ untilAt }) => untilAt > now) },
  }),
  'POST /sandbox/faults': addFault,
  'DELETE /sandbox/faults': ({ world, asked }) => ({
    world: { ...world, faults: world.faults.filter(({ id }) => asked.id !== undefined && id !== asked.id) },
    body: {},
  }),
  'POST /sandbox/stock': setStock,
  'POST /sandbox/private-pools': addPrivatePool,
  'POST /sandbox/interrupt': interrupt,
  'POST /sandbox/measurements': ({ world, now, body }) => ({
    world: measured(world, [readMeasurement(body, world.keys[0]!.account)], now),
    body: {},
  }),
  'POST /sandbox/clock': moveClock,
}

export function isControl({ target }: HttpRequest): boolean {
  return target.startsWith(PREFIX)
}

/** Does what a person orders of the sandbox. Pure, as `handle`. */
export function control(before: World, request: HttpRequest, wallMs: Millis): Handled {
  const now = wallMs + before.skewMs
  const [world, requestId] = withId(settled(before, now), 'SANDBOX-')
  const { pathname, searchParams } = new URL(request.target, 'http://sandbox')
  try {
    const order = ORDERS[`${request.method} ${pathname}`]
    if (order === undefined)
      throw new Refusal('NotFound', `The sandbox knows ${Object.keys(ORDERS).join(', ')}.`, 404)
    const obeyed = order({ world, now, asked: Object.fromEntries(searchParams), body: bodyOf(request) })
    return { world: obeyed.world, answer: jsonAnswer(200, obeyed.body) }
  } catch (error) {
    return { world, answer: refusedAnswer(error, requestId) }
  }
}

function bodyOf({ method, headers, body }: HttpRequest): Readonly<Record<string, unknown>> {
  if (method !== 'POST') return {}
  // A page of another site can send a form, but no JSON.
  if (!headers['content-type']?.startsWith('application/json'))
    throw wrong('expected content-type: application/json')
  try {
    const read: unknown = JSON.parse(body)
    if (typeof read === 'object' && read !== null && !Array.isArray(read))
      return read as Record<string, unknown>
  } catch {}
  throw wrong('expected a JSON object')
}

function summary({ ecs, due, skewMs }: World, now: Millis): Body {
  const byStatus: Record<string, number> = {}
  for (const { status } of ecs.instances.values()) byStatus[status] = (byStatus[status] ?? 0) + 1
  return { now, skewMs, instances: byStatus, released: ecs.released.length, nextAt: due[0]?.at ?? null }
}

function addFault({ world, now, body }: Order): Obeyed {
  const [next, id] = withId(world, 'fault-')
  const rule = readFault(body, id, now)
  const live = next.faults.filter(({ untilAt }) => untilAt > now)
  return { world: { ...next, faults: [...live, rule] }, body: { id } }
}

function setStock({ world, body: { zone, instanceType, left } }: Order): Obeyed {
  if (typeof zone !== 'string' || typeof instanceType !== 'string' || typeof left !== 'number')
    throw wrong('expected { zone, instanceType, left }')
  const stock = withEntry(world.ecs.stock, `${zone} ${instanceType}`, left)
  return { world: withEcs(world, { stock }), body: {} }
}

/** The account has bought an elasticity assurance, or reserved capacity. */
function addPrivatePool({ world, body: { id, zone, instanceType, servers } }: Order): Obeyed {
  if (typeof id !== 'string' || !/^(eap|crp)-/.test(id))
    throw wrong(
      'id: expected that of an elasticity assurance (eap-...) or of a capacity reservation (crp-...)',
    )
  if (typeof zone !== 'string' || typeof instanceType !== 'string' || typeof servers !== 'number')
    throw wrong('expected { id, zone, instanceType, servers }')
  const { account } = world.keys[0]!
  const bought: PrivatePool = { id, account, type: instanceType, zone, matching: 'Open', total: servers }
  const privatePools = [...world.ecs.privatePools.filter((pool) => pool.id !== id), bought]
  return { world: withEcs(world, { privatePools }), body: {} }
}

/** A spot instance gets its notice. */
function interrupt({ world, now, body: { instance: id } }: Order): Obeyed {
  const instance = typeof id === 'string' ? world.ecs.instances.get(id) : undefined
  if (instance === undefined) throw wrong('instance: there is none of that id')
  if (instance.spot === 'NoSpot') throw wrong('instance: it is no spot instance')
  const recycledAt = now + world.delays.spotNoticeMs
  const next = withInstance(world, { ...instance, recycledAt })
  return {
    world: planned(next, { at: recycledAt, kind: 'ecs.recycle', id: instance.id }),
    body: { recycledAt },
  }
}

function moveClock({ world, body: { byMs } }: Order): Obeyed {
  if (typeof byMs !== 'number' || !Number.isFinite(byMs)) throw wrong('byMs: expected milliseconds')
  return { world: { ...world, skewMs: world.skewMs + byMs }, body: { skewMs: world.skewMs + byMs } }
}
