import {
  type CustomMetrics,
  type MetricName,
  metricInfo,
  metricNamed,
  metricNames,
  type Unit,
} from '../../core/metrics.ts'
import { parseDuration, parseQuantity, SUFFIXES } from '../../core/units.ts'
import { type RuleError, ruleError, type ValueUnit } from './expression.ts'
import { nearest } from './suggest.ts'

type Place = { readonly text: string; readonly column: number }

export type Token = Place &
  (
    | { readonly kind: 'quantity'; readonly value: number; readonly unit: ValueUnit }
    | { readonly kind: 'metric'; readonly metric: MetricName; readonly unit: Unit }
    | { readonly kind: 'word'; readonly word: 'and' | 'or' | 'not' }
    | { readonly kind: 'sign'; readonly sign: Sign }
    | { readonly kind: 'end' }
  )

export type Sign = '(' | ')' | '+' | '-' | '*' | '/' | '>' | '>=' | '<' | '<=' | '==' | '!='

const MAX_CHARACTERS = 1000
/** Digits and unit of one quantity; keeps every value finite. */
const MAX_QUANTITY_CHARACTERS = 40
const SPACE = /\s+/y
/** A number with what is written onto it; `/s` belongs to it only when no further name follows. */
const QUANTITY = /[0-9][0-9A-Za-z.%]*(?:\/s(?![A-Za-z0-9_-]))?/y
/** A dash inside a name belongs to it, so a minus needs spaces. */
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*/y
const SIGN = /[<>=!]=|[()+\-*/<>]/y
const OTHER_LANGUAGES: Readonly<Record<string, string>> = {
  '&': '`and`',
  '|': '`or`',
  '!': '`not`, or `!=` to compare',
  '=': '`==`',
  '%': 'a percentage with its number before it, as in 80%',
  '.': 'a number with a digit before the point, as in 0.8',
}

/** The rule's text as tokens, closed by `end`; or the first error. */
export function tokenize(text: string, custom: CustomMetrics): readonly Token[] | RuleError {
  if (text.length > MAX_CHARACTERS) {
    return ruleError(`the rule has ${text.length} characters; at most ${MAX_CHARACTERS} are read`, 1)
  }
  const tokens: Token[] = []
  let at = match(SPACE, text, 0).length
  while (at < text.length) {
    const token = tokenAt(text, at, custom)
    if (token.kind === 'error') return token
    tokens.push(token)
    at += token.text.length
    at += match(SPACE, text, at).length
  }
  return [...tokens, { kind: 'end', text: '', column: Math.max(1, text.length) }]
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

function tokenAt(text: string, at: number, custom: CustomMetrics): Token | RuleError {
  const quantity = match(QUANTITY, text, at)
  if (quantity) return quantityToken(quantity, at + 1)
  const name = match(NAME, text, at)
  if (name) return nameToken(name, at + 1, custom)
  const sign = match(SIGN, text, at) as Sign
  if (sign === '-' && !minusHasSpaces(text, at)) {
    return ruleError('a minus needs a space before and after it', at + 1)
  }
  if (sign) return { kind: 'sign', sign, text: sign, column: at + 1 }
  const character = String.fromCodePoint(text.codePointAt(at)!)
  const instead = OTHER_LANGUAGES[character]
  return ruleError(`\`${character}\` is not understood here${instead ? `; write ${instead}` : ''}`, at + 1)
}

function minusHasSpaces(text: string, at: number): boolean {
  return /\s/.test(text[at - 1] ?? '') && /\s/.test(text[at + 1] ?? '')
}

function quantityToken(text: string, column: number): Token | RuleError {
  if (text.length > MAX_QUANTITY_CHARACTERS) return ruleError('this number is too long', column)
  const value = Number(text)
  if (/^[0-9]+(\.[0-9]+)?$/.test(text)) return { kind: 'quantity', value, unit: 'plain', text, column }
  for (const unit of Object.keys(SUFFIXES) as Unit[]) {
    const value = unit === 'ms' ? parseDuration(text) : parseQuantity(text, unit)
    if (value !== null) return { kind: 'quantity', value, unit, text, column }
  }
  const suffix = /^[0-9.]*(.*)$/.exec(text)?.[1] ?? ''
  const known = Object.values(SUFFIXES).flatMap((suffixes) => Object.keys(suffixes).filter(Boolean))
  const meant = known.find((one) => one.toLowerCase() === suffix.toLowerCase())
  const hint = meant ? `did you mean ${meant}?` : `known units: ${[...new Set(known)].join(' ')}`
  return ruleError(`\`${text}\` is no quantity; ${hint}`, column)
}

function nameToken(text: string, column: number, custom: CustomMetrics): Token | RuleError {
  const word = text.toLowerCase()
  if (word === 'and' || word === 'or' || word === 'not') return { kind: 'word', word, text, column }
  const metric = metricNamed(text, custom)
  if (metric) return { kind: 'metric', metric, unit: metricInfo(metric, custom).unit, text, column }
  return ruleError(`there is no metric \`${text}\`; ${metricHint(text, custom)}`, column)
}

function metricHint(text: string, custom: CustomMetrics): string {
  const known = metricNames(custom)
  const parts = text.split('-')
  for (let cut = parts.length - 1; cut > 0; cut--) {
    const [left, right] = [parts.slice(0, cut).join('-'), parts.slice(cut).join('-')]
    const subtraction = metricNamed(left, custom) && (metricNamed(right, custom) || /^[0-9]/.test(right))
    if (subtraction) return `a minus needs spaces around it: ${left} - ${right}`
  }
  const meant = nearest(text, known)
  return meant ? `did you mean ${meant}?` : `known metrics: ${known.join(', ')}`
}
