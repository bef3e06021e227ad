import type { DriverKey } from '../../core/driver.ts'
import type { ReportField } from '../../core/driver-fields.ts'
import { orNothing } from '../../core/form.ts'
import { readMap } from './read-keys.ts'

/** The cloud keeps these for itself, and Tidegate its own. */
const RESERVED = /^(aliyun|acs:|tidegate:)/i
const MAX_TAGS = 15

export type Tags = Readonly<Record<string, string>>

/** The key of a `readTags`. */
export function tagsKey(whose: string): DriverKey {
  return {
    type: 'mapping of names to values',
    allowed: `at most ${MAX_TAGS}`,
    schema: orNothing({ type: 'object', additionalProperties: { type: 'string' } }),
    help: `Tags of ${whose}, beside those by which Tidegate knows its own.`,
  }
}

export function readTags(value: unknown, report: ReportField): Tags {
  const tags = readMap(value, { key: 'tags', known: null }, report)
  const names = Object.keys(tags)
  if (names.length > MAX_TAGS) report(['tags'], `expected at most ${MAX_TAGS} tags, got ${names.length}`)
  for (const name of names) {
    if (RESERVED.test(name) || name.length > 128)
      report(
        ['tags', name],
        'expected a name of at most 128 characters that begins with none of aliyun, acs:, tidegate:',
      )
    if (typeof tags[name] !== 'string') report(['tags', name], 'expected text; put quotes around it')
  }
  return Object.fromEntries(names.map((name) => [name, String(tags[name])]))
}
