import { TAGS } from '../ecs/tags.ts'
import type { Tags } from '../tags-key.ts'

/** By these, written in the call that creates a balancer, Tidegate knows its own. */
export function ownTags(installation: string, balancer: string): Tags {
  return { [TAGS.installation]: installation, 'tidegate:balancer': balancer }
}

/** As calls take them. */
export function tagList(tags: Tags): readonly { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
