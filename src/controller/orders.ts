import type { Orders, Weighing } from '../core/admin.ts'
import { GATEWAY } from '../core/balancer.ts'
import type { Purge, PurgeResult } from '../core/cache.ts'
import type { CanaryAction } from '../core/canary.ts'
import { type Fault, userFault } from '../core/fault.ts'
import type { OrderBody } from '../core/order.ts'
import type { Store } from '../core/store.ts'
import type { Clock, Millis } from '../core/time.ts'
import type { TuningAction } from '../core/tuning.ts'
import { refusalOf } from '../scaling/tuning/course.ts'
import type { BalancerLoop } from './balancer-loop.ts'
import { inWords } from './order-words.ts'
import { fleetNamed, type Loops } from './queries.ts'

export interface OrderParts extends Loops {
  readonly store: Store
  readonly clock: Clock
  /** Loads the configuration anew. Throws Fault `config.invalid`. */
  readonly reload: Orders['reload']
  /** They tell of it themselves. */
  readonly startShadow: Orders['startShadow']
  readonly stopShadow: Orders['stopShadow']
  /** Asks the gateway. Throws Fault. */
  readonly purge: (what: Purge) => Promise<PurgeResult>
}

const HEAVIEST = 1000

/** Commands become data in the store; the loops do the rest. A new order takes the place of an old one of its kind. */
export function createOrders(parts: OrderParts): Orders {
  const { fleets, store, reload, startShadow, stopShadow } = parts
  const scopeOf = (fleet: string) => `fleet:${fleetNamed(fleets(), fleet).name}`
  return {
    async pause(fleet, direction, by) {
      const scope = scopeOf(fleet)
      await store.withdraw(scope, { kind: 'pause' })
      await give(parts, scope, { kind: 'pause', direction }, { by, untilAt: null })
    },
    async resume(fleet, by) {
      const scope = scopeOf(fleet)
      await store.withdraw(scope, { kind: 'pause' })
      await store.withdraw(scope, { kind: 'pin' })
      await say(parts, scope, `${by} resumed ${fleet}`)
    },
    async pin(fleet, desired, untilAt, by) {
      const scope = scopeOf(fleet)
      if (!Number.isInteger(desired) || desired < 0) throw invalid(`${desired} is no number of servers`)
      await store.withdraw(scope, { kind: 'pin' })
      await give(parts, scope, { kind: 'pin', desired }, { by, untilAt })
    },
    async replace(fleet, by) {
      const scope = scopeOf(fleet)
      await store.withdraw(scope, { kind: 'replace' })
      await give(parts, scope, { kind: 'replace' }, { by, untilAt: null })
    },
    async drainServer(server, by) {
      const scope = fleetOf(server, parts)
      if (scope === null) return await weighEverywhere(parts, server, 0, by)
      await store.withdraw(scope, { kind: 'drain', server })
      await give(parts, scope, { kind: 'drain', server }, { by, untilAt: null })
    },
    async readyServer(server, by) {
      const scope = fleetOf(server, parts)
      if (scope === null) return await weighEverywhere(parts, server, null, by)
      await store.withdraw(scope, { kind: 'drain', server })
      await say(parts, scope, `${by} made ${server} ready`)
    },
    weigh: (weighing, by) => weighMember(parts, weighing, by),
    canary: (name, action, by) => orderOfCanary(parts, { name, action }, by),
    tuning: (fleet, action, by) => orderOfTuning(parts, fleet, action, by),
    purge: (what, by) => purge(parts, what, by),
    reload,
    startShadow,
    stopShadow,
    async stop(by) {
      for (const { name } of fleets()) {
        const scope = `fleet:${name}`
        await store.withdraw(scope, { kind: 'stop' })
        await give(parts, scope, { kind: 'stop' }, { by, untilAt: null })
      }
    },
  }
}

async function purge(parts: OrderParts, what: Purge, by: string): Promise<PurgeResult> {
  const result = await parts.purge(what)
  await say(parts, `balancer:${GATEWAY}`, `${by} made caches forget ${purgeInWords(what)}`)
  return result
}

function purgeInWords(what: Purge): string {
  switch (what.kind) {
    case 'url':
      return what.url
    case 'prefix':
      return `all below ${what.url}`
    case 'everything':
      return 'everything'
    default:
      return what satisfies never
  }
}

async function orderOfCanary(
  parts: OrderParts,
  { name, action }: { readonly name: string; readonly action: CanaryAction },
  by: string,
): Promise<void> {
  const all = parts.balancers().flatMap((loop) => loop.summary().canaries.map((one) => ({ one, loop })))
  const found = all.find(({ one }) => one.name === name)
  if (!found) {
    const known = all.map(({ one }) => one.name).join(', ') || 'none'
    throw unknown(`there is no canary ${name}; there are: ${known}`)
  }
  const scope = `balancer:${found.loop.spec.name}`
  await parts.store.withdraw(scope, { kind: 'canary', canary: name })
  await give(parts, scope, { kind: 'canary', canary: name, action }, { by, untilAt: null })
}

/** What would come to nothing is refused at once. */
async function orderOfTuning(
  parts: OrderParts,
  name: string,
  action: TuningAction,
  by: string,
): Promise<void> {
  const { tuning } = fleetNamed(parts.fleets(), name).status()
  if (tuning === null)
    throw invalid(`${name} is not to be tuned: give it a tuning with at, such as tuning: { at: "0 3 * * *" }`)
  const refusal = refusalOf(action, tuning, { fleet: { name }, now: parts.clock.now() })
  if (refusal !== null) throw userFault('order.refused', refusal)
  const scope = `fleet:${name}`
  // Each is done once, in their order: only the same one takes the place of one that no tick has done yet.
  await parts.store.withdraw(scope, { kind: 'tuning', action })
  await give(parts, scope, { kind: 'tuning', action }, { by, untilAt: null })
}

async function weighMember(parts: OrderParts, weighing: Weighing, by: string): Promise<void> {
  const { pool, member } = weighing
  const known = balancerOf(parts, pool)
    ?.pools(null)
    .find((one) => one.name === pool)
  if (!known?.members.some(({ id }) => id === member)) throw unknown(`${member} is no member of pool ${pool}`)
  await weigh(parts, weighing, by)
}

async function weigh(
  parts: OrderParts,
  { pool, member, weight, untilAt }: Weighing,
  by: string,
): Promise<void> {
  const whole = weight === null || (Number.isInteger(weight) && weight >= 0 && weight <= HEAVIEST)
  if (!whole) throw invalid(`${weight} is no weight; it is a whole number from 0 to ${HEAVIEST}`)
  const scope = `balancer:${balancerOf(parts, pool)?.spec.name ?? GATEWAY}`
  await parts.store.withdraw(scope, { kind: 'weight', pool, member })
  if (weight === null)
    return await say(parts, scope, `${by} gave ${member} in pool ${pool} its own weight back`)
  await give(parts, scope, { kind: 'weight', pool, member, weight }, { by, untilAt })
}

/** A static member, in every pool that has it. */
async function weighEverywhere(
  parts: OrderParts,
  member: string,
  weight: 0 | null,
  by: string,
): Promise<void> {
  const all = parts.balancers().flatMap(({ spec }) => spec.pools)
  const pools = all.filter((pool) => pool.servers.some(({ id }) => id === member))
  if (pools.length === 0) throw unknown(`there is no server ${member}`)
  for (const pool of pools) await weigh(parts, { pool: pool.name, member, weight, untilAt: null }, by)
}

function balancerOf({ balancers }: Loops, pool: string): BalancerLoop | undefined {
  return balancers().find(({ spec }) => spec.pools.some(({ name }) => name === pool))
}

/** The scope of the fleet that has it; null when none has. */
function fleetOf(server: string, { fleets }: Loops): string | null {
  const owner = fleets().find((fleet) => fleet.status().servers.some(({ id }) => id === server))
  return owner ? `fleet:${owner.name}` : null
}

async function give(
  parts: OrderParts,
  scope: string,
  body: OrderBody,
  about: { readonly by: string; readonly untilAt: Millis | null },
): Promise<void> {
  await parts.store.order(body, { scope, at: parts.clock.now(), ...about })
  await say(parts, scope, `${about.by} ordered: ${inWords(body)}`)
}

async function say({ store, clock }: OrderParts, scope: string, text: string): Promise<void> {
  await store.event({ at: clock.now(), scope, kind: 'order', text })
}

function unknown(message: string): Fault {
  return userFault('not-found', message)
}

function invalid(message: string): Fault {
  return userFault('request.invalid', message)
}
