import type { Millis } from '../core/time.ts'
import { spentOn as spentOnAlb } from './alb/cost.ts'
import { spentBy } from './ecs/instances.ts'
import { spentOn } from './slb/charges.ts'
import type { World } from './world.ts'

/** What everything has cost by then, in yuan, by the value of a tag: '' is what does not bear it. */
export function bill(world: World, tag: string, at: Millis): Readonly<Record<string, number>> {
  const sums: Record<string, number> = Object.create(null)
  const add = (tags: Readonly<Record<string, string>>, yuan: number) => {
    const owner = tags[tag] ?? ''
    sums[owner] = (sums[owner] ?? 0) + yuan
  }
  for (const { tags, spent } of world.ecs.released) add(tags, spent)
  for (const instance of world.ecs.instances.values()) add(instance.tags, spentBy(instance, at))
  for (const { tags, spent } of world.slb.deleted) add(tags, spent)
  for (const balancer of world.slb.balancers.values()) add(balancer.tags, spentOn(balancer, at))
  for (const { tags, spent } of world.alb.gone) add(tags, spent)
  for (const balancer of world.alb.of.loadbalancer.values()) add(balancer.tags, spentOnAlb(balancer, at))
  return sums
}
