import { tagsOf } from '../ecs/tags.ts'
import type { Call, Done } from '../operation.ts'
import type { Given } from '../parameters.ts'
import { invalid } from '../refusal.ts'
import { tagRows } from '../tag-rows.ts'
import { found, NAMES, owned, put } from './resources.ts'
import type { Kind, Tags } from './state.ts'

const MOST_RESOURCES = 50

export function tagResources(call: Call): Done {
  const tags = tagsOf(call.given)
  return retagged(call, (before) => ({ ...before, ...tags }))
}

export function untagResources(call: Call): Done {
  const { given } = call
  const gone = [...given.texts('TagKey'), ...Object.keys(tagsOf(given))]
  const stays = (key: string) => !given.flag('All') && !gone.includes(key)
  return retagged(call, (before) => Object.fromEntries(Object.entries(before).filter(([key]) => stays(key))))
}

export function listTagResources(call: Call): Done {
  const { given, world } = call
  const kind = kindOf(given)
  const { page, NextToken, count } = tagRows(owned(call, kind), kind, given)
  return { world, body: { TagResources: page, NextToken, TotalCount: count } }
}

export function tagList(tags: Tags) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

function retagged(call: Call, next: (tags: Tags) => Tags): Done {
  const kind = kindOf(call.given)
  const ids = call.given.texts('ResourceId')
  if (ids.length > MOST_RESOURCES) throw invalid('ResourceId', `must be at most ${MOST_RESOURCES}`)
  const resources = ids.map((id) => found(call, kind, id))
  const world = resources.reduce(
    (after, one) => put(after, kind, { ...one, tags: next(one.tags) }),
    call.world,
  )
  return { world, body: {} }
}

function kindOf(given: Given): Kind {
  const type = given.text('ResourceType')
  // A rule has the tags that it was created with.
  if (!Object.hasOwn(NAMES, type) || type === 'rule') throw invalid('ResourceType')
  return type as Kind
}
