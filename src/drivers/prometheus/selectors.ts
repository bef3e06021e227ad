/** Everything in PromQL that may hold what looks like a name, or ends one. */
const TOKEN =
  /#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[A-Za-z_:][A-Za-z0-9_:]*|[0-9][A-Za-z0-9_.]*|[^\s]/gs
const NAME = /^[A-Za-z_:]/
/** Words before a list of labels in parentheses. */
const GROUPING = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'])
/** Words of the language that stand where a metric's name could. */
const WORDS = new Set(['and', 'or', 'unless', 'atan2', 'bool', 'offset', 'inf', 'nan', ...GROUPING])

/** The instant vector selectors of a PromQL query, once each, without their ranges, offsets and `@`. Of something that is no PromQL
 *  it says nothing useful; nobody asks, as its Prometheus refuses it. */
export function selectorsOf(query: string): readonly string[] {
  const tokens = (query.match(TOKEN) ?? []).filter((token) => !token.startsWith('#'))
  const found = new Set<string>()
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!
    const word = token.toLowerCase()
    if (token === '[') at = closing(tokens, at, ']')
    else if (token === '{') {
      const end = closing(tokens, at, '}')
      found.add(tokens.slice(at, end + 1).join(''))
      at = end
    } else if (GROUPING.has(word) && tokens[at + 1] === '(') at = closing(tokens, at + 1, ')')
    else if (NAME.test(token) && !WORDS.has(word) && !isCall(tokens, at)) {
      const end = tokens[at + 1] === '{' ? closing(tokens, at + 1, '}') : at
      found.add(tokens.slice(at, end + 1).join(''))
      at = end
    }
  }
  return [...found]
}

/** A function, or an aggregation with its grouping before the parentheses: `sum by (job) (x)`. */
function isCall(tokens: readonly string[], at: number): boolean {
  const next = tokens[at + 1]?.toLowerCase()
  return next === '(' || ((next === 'by' || next === 'without') && tokens[at + 2] === '(')
}

function closing(tokens: readonly string[], from: number, end: string): number {
  const at = tokens.indexOf(end, from)
  return at === -1 ? tokens.length - 1 : at
}

/** A query for the age of what `query` reads, in seconds since the epoch; null when it selects nothing. Prometheus dates every result
 *  by the question, so the samples' own times are asked beside it. Of each selector the newest sample counts: a series that has just
 *  ended would otherwise make everything old for minutes. Of the selectors the one that lags most. */
export function newestQuery(query: string): string | null {
  const each = selectorsOf(query).map(
    (selector, index) => `label_replace(max(timestamp(${selector})), "selector", "${index}", "", "")`,
  )
  return each.length === 0 ? null : `min(${each.join(' or ')})`
}
