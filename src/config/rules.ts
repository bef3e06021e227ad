import type * as z from 'zod'
import type { EditsSpec, RuleSpec } from '../core/rule.ts'
import { covers } from './covers.ts'
import type { Path } from './document.ts'
import { parsePart } from './parse.ts'
import type { Report } from './report.ts'
import { readAction, readMirror } from './rule-actions.ts'
import { readEdits, readRewrite } from './rule-edits.ts'
import { readMatch } from './rule-match.ts'
import { RULE } from './rule-schema.ts'
import { readHash } from './spread.ts'
import { readTraffic } from './traffic.ts'

type Parsed = z.output<typeof RULE>

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
        `can never match: rules.${earlier.index} (line ${line}) takes everything that it would`,
      )
    }
    rules.push({ rule, index })
  })
  return rules.map(({ rule }) => rule)
}

function readRule(raw: unknown, path: Path, pools: readonly string[], report: Report): RuleSpec | null {
  const parsed = parsePart(RULE, raw, path, report)
  if (!parsed) return null
  const action = readAction(parsed, { path, pools, report })
  if (action === null) return null
  const rewrite = readRewrite(parsed.rewrite, [...path, 'rewrite'], report)
  const mirror = readMirror(parsed.mirror, { path: [...path, 'mirror'], pools, report })
  const request = readEdits(parsed.request, 'request', [...path, 'request'], report)
  const response = withCacheControl(
    readEdits(parsed.response, 'response', [...path, 'response'], report),
    parsed['cache-control'],
  )
  if (action.kind === 'redirect' || action.kind === 'respond') warnOfServers(path, report)
  return {
    match: readMatch(parsed.match, [...path, 'match'], report),
    action,
    ...spreadOf(parsed, path, report),
    ...(parsed.class && { class: parsed.class }),
    ...readTraffic(parsed, path, report),
    ...(rewrite && { rewrite }),
    ...(mirror && { mirror }),
    ...(request && { request }),
    ...(response && { response }),
  }
}

function withCacheControl(edits: EditsSpec | undefined, value: string | undefined): EditsSpec | undefined {
  if (value === undefined) return edits
  const set = [...(edits?.set ?? []), { name: 'cache-control', value }]
  return { remove: [], add: [], ...edits, set }
}

/** What is done on the way to a server has no effect where there is none. */
function warnOfServers(path: Path, report: Report): void {
  for (const key of ['rewrite', 'mirror', 'request', 'algorithm']) {
    if (report.has([...path, key])) report.warn([...path, key], 'has no effect where no server is asked')
  }
}

function spreadOf({ algorithm, hash }: Parsed, path: Path, report: Report): Pick<RuleSpec, 'spread'> {
  const read = readHash(hash)
  if (algorithm !== undefined) return { spread: { algorithm, hash: read } }
  if (read !== null)
    report.error([...path, 'hash'], 'it needs the algorithm of this rule, such as algorithm: header-hash')
  return {}
}
