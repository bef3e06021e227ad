import type { Fields } from '../client/fields.ts'
import { TAGS } from '../ecs/tags.ts'

const UNNAMABLE = /[^\p{L}\p{N}._-]/gu
const LONGEST = 128

/** Of all names. */
const PREFIX = 'tidegate-'

/** For people: Tidegate knows its own by their tags. Of ALB's letters, and not longer than it takes. */
export function nameOf(...parts: readonly (string | number)[]): string {
  return `${PREFIX}${parts.join('-')}`.replace(UNNAMABLE, '-').slice(0, LONGEST)
}

/** Written by the call that makes something, so that one whose answer was lost is known too. */
export function ownTag(installation: string) {
  return { Key: TAGS.installation, Value: installation }
}

/** Has this installation made it? */
export function isOwn(installation: string, fields: Fields): boolean {
  const tags = fields.has('Tags') ? fields.list('Tags') : []
  return tags.some((tag) => tag.text('Key') === TAGS.installation && tag.text('Value') === installation)
}

/** The same of a rule of a listener that is its own: one that was taken over has but our name, for rules get no tags once they are there. */
export function isOwnRule(installation: string, fields: Fields): boolean {
  return isOwn(installation, fields) || (fields.has('RuleName') && fields.text('RuleName').startsWith(PREFIX))
}
