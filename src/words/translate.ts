/** English sentences with placeholders, each with its translation: `{name}` is one word, `{says...}` any text, translated in its turn,
 *  `{text!}` any text as it is. */
export type Catalog = Readonly<Record<string, string>>
/** English, line by line, in the reader's language; what no sentence of the catalog fits stays as it is. */
export type Say = (text: string) => string

/** Longer lines are not ours. */
const MOST_CHARACTERS = 4000
const MOST_DEPTH = 12
const PLACEHOLDER = /(\{\w+(?:\.\.\.|!)?\})/
const HAN = /\p{Script=Han}/u
const HAN_AT_END = /\p{Script=Han}$/u
/** Columns of a table, which are translated before they are set, and lines of a file that a message quotes. */
const AS_IT_IS = /\S {2,}\S|^\s+\d* \| /

interface Pattern {
  /** One more than there are placeholders. */
  readonly literals: readonly string[]
  readonly placeholders: readonly string[]
  readonly translation: string
  readonly length: number
}

export function translator(catalog: Catalog): Say {
  const patterns = Object.entries(catalog).map(compile)
  // The more a sentence says itself, the surer it is the one.
  patterns.sort((a, b) => b.length - a.length || a.placeholders.length - b.placeholders.length)
  return (text) =>
    text
      .split('\n')
      .map((line) => (line.length > MOST_CHARACTERS || AS_IT_IS.test(line) ? line : indented(line, patterns)))
      .join('\n')
}

function compile([english, translation]: [string, string]): Pattern {
  const parts = english.split(PLACEHOLDER)
  const literals = parts.filter((_part, index) => index % 2 === 0)
  const placeholders = parts.filter((_part, index) => index % 2 === 1)
  return { literals, placeholders, translation, length: literals.join('').length }
}

function indented(line: string, patterns: readonly Pattern[]): string {
  const text = line.trim()
  return text === '' ? line : line.replace(text, () => translate(text, patterns, 0))
}

function translate(text: string, patterns: readonly Pattern[], depth: number): string {
  if (depth > MOST_DEPTH || !/[a-z]/i.test(text)) return text
  for (const pattern of patterns) {
    const values = match(pattern, text)
    if (values) return filled(pattern, values, { text, patterns, depth })
  }
  return (
    listed(text, '; ', '；', { patterns, depth }) ?? listed(text, ', ', '，', { patterns, depth }) ?? text
  )
}

interface Place {
  readonly patterns: readonly Pattern[]
  readonly depth: number
}

/** Where only punctuation would change, nothing does. */
function filled(
  { placeholders, translation }: Pattern,
  values: readonly string[],
  { text, patterns, depth }: Place & { readonly text: string },
): string {
  const said = values.map((value, index) =>
    placeholders[index]!.endsWith('...}') ? translate(value, patterns, depth + 1) : value,
  )
  const changed = HAN.test(translation) || said.some((value, index) => value !== values[index])
  if (!changed) return text
  return translation
    .split(PLACEHOLDER)
    .map((part) => said[placeholders.indexOf(part)] ?? part)
    .reduce((line, part) => `${line}${HAN_AT_END.test(line) && /^\w/.test(part) ? ' ' : ''}${part}`)
}

/** Parts that need each other's company to be understood stay together when none of them is known. */
function listed(text: string, separator: string, joint: string, { patterns, depth }: Place): string | null {
  const parts = text.split(separator)
  if (parts.length === 1) return null
  const said = parts.map((part) => translate(part, patterns, depth + 1))
  return said.some((part, index) => part !== parts[index]) ? said.join(joint) : null
}

/** What stands for the placeholders when the pattern is the whole text; null when it is not. */
function match({ literals, placeholders }: Pattern, text: string): readonly string[] | null {
  const first = literals[0]!
  if (placeholders.length === 0) return text === first ? [] : null
  if (!text.startsWith(first) || !text.endsWith(literals.at(-1)!)) return null
  return matchFrom({ literals, placeholders, text, failed: new Set() }, 0, first.length)
}

interface Matching {
  readonly literals: readonly string[]
  readonly placeholders: readonly string[]
  readonly text: string
  /** Where a placeholder cannot begin: no place is tried twice. */
  readonly failed: Set<string>
}

function matchFrom(matching: Matching, index: number, at: number): readonly string[] | null {
  const { literals, placeholders, text, failed } = matching
  if (failed.has(`${index} ${at}`)) return null
  const literal = literals[index + 1]!
  const fits = fitting(placeholders[index]!, literals[0] === '' && index === 0)
  if (index === placeholders.length - 1) {
    const value = text.slice(at, Math.max(at, text.length - literal.length))
    return value !== '' && fits(value) ? [value] : null
  }
  for (let end = text.indexOf(literal, at + 1); end > 0; end = text.indexOf(literal, end + 1)) {
    const value = text.slice(at, end)
    if (!fits(value)) break
    const rest = matchFrom(matching, index + 1, end + literal.length)
    if (rest) return [value, ...rest]
  }
  failed.add(`${index} ${at}`)
  return null
}

/** What is taken as it is must not take the beginning of another sentence with it. */
function fitting(placeholder: string, isFirst: boolean): (value: string) => boolean {
  if (/\w\}$/.test(placeholder)) return (value) => !/\s/.test(value)
  return isFirst && placeholder.endsWith('!}') ? (value) => !value.includes(': ') : () => true
}
