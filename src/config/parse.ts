import * as z from 'zod'
import { advise } from './advice.ts'
import type { Path } from './document.ts'
import type { FieldParams } from './fields.ts'
import { unwrap } from './leaves.ts'
import type { Report } from './report.ts'
import { hint } from './suggest.ts'

/** The value of one section, every problem reported. What is wrong is left out and defaults stand in, so that the checks between
 *  sections still run; null when that is not possible. Any problem makes the whole load fail, so nobody uses the stand-ins. */
export function parsePart<T>(schema: z.ZodType<T>, raw: unknown, path: Path, report: Report): T | null {
  const first = schema.safeParse(raw)
  if (first.success) return advised(schema, first.data, path, report)
  for (const issue of first.error.issues) reportIssue(schema, issue, path, report)
  const second = schema.safeParse(first.error.issues.reduce(mend, raw))
  return second.success ? advised(schema, second.data, path, report) : null
}

function advised<T>(schema: z.ZodType<T>, section: T, path: Path, report: Report): T {
  advise(schema, section, path, report)
  return section
}

type Issue = z.core.$ZodIssue

function reportIssue(schema: z.ZodType, issue: Issue, base: Path, report: Report): void {
  const path = [...base, ...pathOf(issue)]
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schema, issue.path)
    for (const key of issue.keys) report.unknownKey([...path, key], `unknown key${hint(key, known)}`)
  } else if (issue.code === 'custom') {
    report.expected(path, issue.message, (issue.params as FieldParams | undefined)?.suggestion)
  } else {
    report.expected(path, 'a mapping of keys to values')
  }
}

function pathOf(issue: Issue): Path {
  return issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
}

/** The same mapping without what the issue complains of, or with a stand-in for it. */
function mend(raw: unknown, issue: Issue): unknown {
  const path = pathOf(issue)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.reduce((rest: unknown, key) => replace(rest, [...path, key], undefined), raw)
  }
  const params = issue.code === 'custom' ? (issue.params as FieldParams | undefined) : undefined
  return replace(raw, path, params?.standIn ?? undefined)
}

/** Undefined removes. Lists are read item by item, so a path goes through mappings only. */
function replace(raw: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  const entries = Object.entries(raw ?? {})
  const inner = entries.find(([name]) => name === key)?.[1]
  const others = entries.filter(([name]) => name !== key)
  const replaced = replace(inner, rest, value)
  return Object.fromEntries(replaced === undefined ? others : [...others, [key, replaced]])
}

/** The keys that a mapping inside a schema may have. */
function keysOf(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const inner = unwrap(schema)
  if (!(inner instanceof z.ZodObject)) return []
  const [next, ...rest] = path
  if (next === undefined) return Object.keys(inner.shape)
  return keysOf(inner.shape[String(next)] as z.ZodType, rest)
}
