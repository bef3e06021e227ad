import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import { invalid } from '../refusal.ts'
import { tagRows } from '../tag-rows.ts'
import { type World, withEntry } from '../world.ts'
import { balancerNamed, groupNamed, withBalancer, withSlb } from './balancers.ts'

const MAX_IDS = 20
type Tags = Readonly<Record<string, string>>

export function tagResources(call: Call): Done {
  const added = tagsOf(call.given)
  return each(call, (tags) => ({ ...tags, ...added }))
}

/** The named ones, or with `All` every one. */
export function untagResources(call: Call): Done {
  const gone = call.given.texts('TagKey')
  const isAll = call.given.flag('All')
  return each(call, (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !isAll && !gone.includes(key))),
  )
}

export function listTagResources(call: Call): Done {
  const { world, given } = call
  const kind = kindOf(call)
  const { balancers, groups } = world.slb
  const { page, NextToken } = tagRows((kind === 'instance' ? balancers : groups).values(), kind, given)
  return { world, body: { NextToken, TagResources: { TagResource: page } } }
}

function each(call: Call, next: (tags: Tags) => Tags): Done {
  const ids = call.given.texts('ResourceId')
  if (ids.length > MAX_IDS) throw invalid('ResourceId')
  const kind = kindOf(call)
  const change = (world: World, id: string): World => {
    if (kind === 'instance') {
      const balancer = balancerNamed(call, id)
      return withBalancer(world, { ...balancer, tags: next(balancer.tags) })
    }
    const group = groupNamed(call, id)
    return withSlb(world, { groups: withEntry(world.slb.groups, id, { ...group, tags: next(group.tags) }) })
  }
  return { world: ids.reduce(change, call.world), body: {} }
}

function kindOf({ given }: Call): 'instance' | 'vservergroup' {
  const kind = given.text('ResourceType')
  if (kind !== 'instance' && kind !== 'vservergroup') throw invalid('ResourceType')
  return kind
}
