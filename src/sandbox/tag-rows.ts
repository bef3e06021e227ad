import { tagsOf } from './ecs/tags.ts'
import { pageByToken } from './paging.ts'
import type { Given } from './parameters.ts'

interface Tagged {
  readonly id: string
  readonly tags: Readonly<Record<string, string>>
}

/** A page of what these resources are tagged with, a row a tag: of those that the call names by `ResourceId` and `Tag`, else of all. */
export function tagRows(resources: Iterable<Tagged>, kind: string, given: Given) {
  const ids = given.texts('ResourceId')
  const rows = [...resources]
    .filter(({ id, tags }) => (ids.length === 0 || ids.includes(id)) && hasTags(given, tags))
    .flatMap(({ id, tags }) =>
      Object.entries(tags).map(([TagKey, TagValue]) => ({
        ResourceId: id,
        ResourceType: kind,
        TagKey,
        TagValue,
      })),
    )
  return { ...pageByToken(rows, given, { usual: 50, most: 50 }), count: rows.length }
}

/** Whether a list that selects by tags has this one. */
export function hasTags(given: Given, tags: Tagged['tags']): boolean {
  return Object.entries(tagsOf(given)).every(([key, value]) => tags[key] === value)
}
