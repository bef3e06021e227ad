import type * as z from 'zod'
import type { ActionSpec, MirrorSpec, SplitSpec } from '../core/rule.ts'
import { readCanary } from './canaries.ts'
import { checkReference } from './entries.ts'
import type { Place } from './place.ts'
import type { RULE } from './rule-schema.ts'
import { stickyOf, warnOfCookie } from './sticky.ts'
import { checkTemplate } from './templates.ts'

type Parsed = z.output<typeof RULE>

/** What a rule does in the end: exactly one thing. */
const ACTIONS = ['pool', 'split', 'redirect', 'respond'] as const

/** null when it is none, or several. */
export function readAction(parsed: Parsed, { path, pools, report }: Place): ActionSpec | null {
  const [kind, ...more] = ACTIONS.filter((key) => parsed[key] !== undefined)
  if (more.length > 0) {
    report.error([...path, more[0]!], `a rule does one thing, and this one has ${kind} already`)
  }
  if (parsed.pool !== undefined) {
    checkReference('pool', parsed.pool, { path: [...path, 'pool'], known: pools }, report)
    if (parsed.canary === undefined) return { kind: 'pool', pool: parsed.pool }
    return readCanary(parsed.canary, parsed.pool, { path: [...path, 'canary'], pools, report })
  }
  if (parsed.canary !== undefined) report.error([...path, 'canary'], 'it needs the pool of before: pool')
  if (parsed.split !== undefined) {
    return readSplit(parsed.split, { path: [...path, 'split'], pools, report })
  }
  if (parsed.redirect !== undefined) {
    checkTemplate(parsed.redirect.to, [...path, 'redirect', 'to'], report)
    return { kind: 'redirect', ...parsed.redirect }
  }
  if (parsed.respond !== undefined) {
    const { body = '' } = parsed.respond
    return { kind: 'respond', ...parsed.respond, body }
  }
  // A section that could not be read has told why.
  if (!ACTIONS.some((key) => report.has([...path, key]))) {
    report.error(path, 'it does nothing; expected one of pool, split, redirect and respond')
  }
  return null
}

function readSplit(parsed: NonNullable<Parsed['split']>, { path, pools, report }: Place): SplitSpec {
  const shares = parsed.pools.map(([pool, weight]) => {
    checkReference('pool', pool, { path: [...path, 'pools', pool], known: pools }, report)
    return { pool, weight }
  })
  if (shares.every(({ weight }) => weight === 0)) {
    report.error([...path, 'pools'], 'every weight is 0, so that no pool gets anything')
  }
  warnOfCookie(parsed, path, report)
  return { kind: 'split', shares, sticky: stickyOf(parsed) }
}

/** Who gets copies; undefined = nobody. */
export function readMirror(parsed: Parsed['mirror'], { path, pools, report }: Place): MirrorSpec | undefined {
  if (parsed === undefined) return undefined
  const { pool, share, body, 'in-flight': inFlight } = parsed
  checkReference('pool', pool, { path: [...path, 'pool'], known: pools }, report)
  return { pool, share, bodyBytes: body, inFlight }
}
