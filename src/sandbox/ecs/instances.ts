import type { Millis } from '../../core/time.ts'
import { departed } from '../alb/departed.ts'
import { withoutServer } from '../slb/leaving.ts'
import { planned, type World, withEntry } from '../world.ts'
import type { Ecs, Instance, InstanceStatus } from './state.ts'

const HOUR_MS = 3_600_000

export function withInstance(world: World, instance: Instance): World {
  return withEcs(world, { instances: withEntry(world.ecs.instances, instance.id, instance) })
}

export function withEcs(world: World, changed: Partial<Ecs>): World {
  return { ...world, ecs: { ...world.ecs, ...changed } }
}

/** What it has cost by then, in yuan: by the second (https://www.alibabacloud.com/help/en/ecs/pay-as-you-go). */
export function spentBy({ spent, chargedFrom, price }: Instance, at: Millis): number {
  return chargedFrom === null ? spent : spent + (price * Math.max(0, at - chargedFrom)) / HOUR_MS
}

/** The same with its cost up to now written down, and no more from now on unless it is charged. */
export function charged(instance: Instance, at: Millis, isCharged: boolean): Instance {
  return { ...instance, spent: spentBy(instance, at), chargedFrom: isCharged ? at : null }
}

/** It goes to `Starting`, and is `Running` in the end. */
export function starting(world: World, instance: Instance, at: Millis): World {
  const next = withInstance(world, {
    ...charged(instance, at, true),
    status: 'Starting',
    stopCharging: false,
  })
  return planned(next, { at: at + world.delays.startingMs, kind: 'ecs.running', id: instance.id })
}

export function withStatus(world: World, instance: Instance, status: InstanceStatus): World {
  return withInstance(world, { ...instance, status })
}

/** It is gone, also from behind every load balancer; its stock and its address are there again. */
export function released(world: World, instance: Instance, at: Millis, why: string): World {
  const instances = new Map(world.ecs.instances)
  instances.delete(instance.id)
  const { id, account, tags } = instance
  const gone = { id, account, tags, spent: spentBy(instance, at), releasedAt: at, why }
  return withEcs(departed(withoutServer(world, id), id), {
    instances,
    stock: instance.privatePool === null ? restocked(world.ecs.stock, instance, 1) : world.ecs.stock,
    released: [...world.ecs.released, gone],
  })
}

/** Virtual CPUs of an account's instances, of those on the spot market or of the others. */
export function cpusOf({ instances, types }: Ecs, account: string, isSpot: boolean): number {
  const cpus = new Map(types.map(({ id, cpu }) => [id, cpu]))
  return [...instances.values()]
    .filter((one) => one.account === account && (one.spot !== 'NoSpot') === isSpot)
    .reduce((sum, { type }) => sum + (cpus.get(type) ?? 0), 0)
}

/** Stock that is counted changes by so many. */
export function restocked(
  stock: ReadonlyMap<string, number>,
  { zone, type }: Pick<Instance, 'zone' | 'type'>,
  by: number,
): ReadonlyMap<string, number> {
  const key = `${zone} ${type}`
  const left = stock.get(key)
  return left === undefined ? stock : withEntry(stock, key, left + by)
}
