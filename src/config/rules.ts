import type { RuleSpec } from '../core/rule.ts'
import { covers } from './covers.ts'
import type { Path } from './document.ts'
import { checkReference } from './entries.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'
import { readMatch } from './rule-match.ts'
import { RULE } from './rule-schema.ts'

/** The rules of a listener, in their order; one that could never match is a problem. */
export function readRules(
  items: readonly unknown[],
  path: Path,
  pools: readonly string[],
  report: Report,
): readonly RuleSpec[] {
  const rules: { readonly rule: RuleSpec; readonly index: number }[] = []
  items.forEach((raw, index) => {
    const at = [...path, index]
    const rule = readRule(raw, at, pools, report)
    if (rule === null) return
    const earlier = rules.find((other) => covers(other.rule.match, rule.match))
    if (earlier) {
      const line = report.line([...path, earlier.index])
      report.error(
        at,
        `can never match: rule ${earlier.index + 1} (line ${line}) takes everything that it would`,
      )
    }
    rules.push({ rule, index })
  })
  return rules.map(({ rule }) => rule)
}

function readRule(raw: unknown, path: Path, pools: readonly string[], report: Report): RuleSpec | null {
  const parsed = parsePart(RULE, raw, path, report)
  if (!parsed) return null
  const { pool } = parsed
  checkReference('pool', pool, { path: [...path, 'pool'], known: pools }, report)
  return { match: readMatch(parsed.match, [...path, 'match'], report), action: { kind: 'pool', pool } }
}
