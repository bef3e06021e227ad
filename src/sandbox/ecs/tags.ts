import type { Given } from '../parameters.ts'
import { Refusal } from '../refusal.ts'

const MAX_TAGS = 20
const MAX_KEY = 128

/** Those of a call, as `Tag.1.Key` and `Tag.1.Value`. */
export function tagsOf(given: Given): Readonly<Record<string, string>> {
  const tags = given.objects('Tag')
  if (tags.length > MAX_TAGS)
    throw new Refusal('InvalidTagCount', 'The specified tags are beyond the permitted range.')
  return Object.fromEntries(
    tags.map((tag) => {
      const key = tag.text('Key')
      if (key === '' || key.length > MAX_KEY || /^(aliyun|acs:)/.test(key))
        throw new Refusal('InvalidTagKey.Malformed', 'The specified Tag.n.Key is not valid.')
      return [key, tag.text('Value')]
    }),
  )
}
