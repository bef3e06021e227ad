import type { CustomMetrics } from '../../core/metrics.ts'
import {
  type ArithmeticOp,
  type CompareOp,
  type Expression,
  type Logic,
  type RuleError,
  ruleError,
} from './expression.ts'
import { type Token, tokenize } from './tokens.ts'

const MAX_DEPTH = 50
const COMPARISONS: readonly string[] = ['>', '>=', '<', '<=', '==', '!=']

/** Recursive descent, one function a level, loosest first:
 *
 *    or         = and { "or" and }
 *    and        = not { "and" not }
 *    not        = "not" not | comparison
 *    comparison = sum [ op sum ]
 *    sum        = product { ("+" | "-") product }
 *    product    = atom { ("*" | "/") atom }
 *    atom       = quantity | metric | "(" or ")"
 *
 *  Says nothing about units; see check.ts. */
export function parse(text: string, custom: CustomMetrics): Expression | RuleError {
  const tokens = tokenize(text, custom)
  if ('kind' in tokens) return tokens
  const parser: Parser = { text, tokens, next: 0, depth: 0 }
  const expression = or(parser)
  if (expression.kind === 'error') return expression
  const rest = peek(parser)
  return rest.kind === 'end' ? expression : unexpected(rest, '`and`, `or` or the end')
}

interface Parser {
  readonly text: string
  readonly tokens: readonly Token[]
  /** Index of the token that is read next. */
  next: number
  /** Of parentheses and `not`s around it. */
  depth: number
}

function peek(parser: Parser): Token {
  return parser.tokens[Math.min(parser.next, parser.tokens.length - 1)]!
}

function take(parser: Parser): Token {
  const token = peek(parser)
  parser.next++
  return token
}

function isWord(parser: Parser, word: 'and' | 'or' | 'not'): boolean {
  const token = peek(parser)
  return token.kind === 'word' && token.word === word
}

function isSign(parser: Parser, signs: readonly string[]): boolean {
  const token = peek(parser)
  return token.kind === 'sign' && signs.includes(token.sign)
}

function unexpected(token: Token, expected: string): RuleError {
  const found = token.kind === 'end' ? 'the rule ends here' : `found \`${token.text}\``
  return ruleError(`${found}, expected ${expected}`, token.column)
}

/** Where an expression stands that began with token `first` and ended with the last one taken. */
function place(parser: Parser, first: Token): { text: string; column: number } {
  const last = parser.tokens[parser.next - 1]!
  return {
    text: parser.text.slice(first.column - 1, last.column - 1 + last.text.length),
    column: first.column,
  }
}

function or(parser: Parser): Expression | RuleError {
  return logic(parser, 'or', and)
}

function and(parser: Parser): Expression | RuleError {
  return logic(parser, 'and', not)
}

function logic(
  parser: Parser,
  kind: Logic['kind'],
  operand: (parser: Parser) => Expression | RuleError,
): Expression | RuleError {
  const first = peek(parser)
  let left = operand(parser)
  while (left.kind !== 'error' && isWord(parser, kind)) {
    take(parser)
    const right = operand(parser)
    if (right.kind === 'error') return right
    left = { kind, left, right, ...place(parser, first) }
  }
  return left
}

function not(parser: Parser): Expression | RuleError {
  if (!isWord(parser, 'not')) return comparison(parser)
  const first = take(parser)
  const operand = nested(parser, first, not)
  if (operand.kind === 'error') return operand
  return { kind: 'not', operand, ...place(parser, first) }
}

function comparison(parser: Parser): Expression | RuleError {
  const first = peek(parser)
  const left = sum(parser)
  if (left.kind === 'error' || !isSign(parser, COMPARISONS)) return left
  const op = take(parser).text as CompareOp
  const right = sum(parser)
  if (right.kind === 'error') return right
  if (isSign(parser, COMPARISONS)) {
    return ruleError('comparisons cannot be chained; join two with `and`', peek(parser).column)
  }
  return { kind: 'compare', op, left, right, ...place(parser, first) }
}

function sum(parser: Parser): Expression | RuleError {
  return arithmetic(parser, ['+', '-'], product)
}

function product(parser: Parser): Expression | RuleError {
  return arithmetic(parser, ['*', '/'], atom)
}

function arithmetic(
  parser: Parser,
  signs: readonly ArithmeticOp[],
  operand: (parser: Parser) => Expression | RuleError,
): Expression | RuleError {
  const first = peek(parser)
  let left = operand(parser)
  while (left.kind !== 'error' && isSign(parser, signs)) {
    const op = take(parser).text as ArithmeticOp
    const right = operand(parser)
    if (right.kind === 'error') return right
    left = { kind: 'arithmetic', op, left, right, ...place(parser, first) }
  }
  return left
}

function atom(parser: Parser): Expression | RuleError {
  const token = peek(parser)
  if (token.kind === 'quantity' || token.kind === 'metric') {
    take(parser)
    return token
  }
  if (!isSign(parser, ['('])) return unexpected(token, 'a metric, a quantity or `(`')
  take(parser)
  const inner = nested(parser, token, or)
  if (inner.kind === 'error') return inner
  if (!isSign(parser, [')'])) return unexpected(peek(parser), '`)`')
  take(parser)
  return { ...inner, ...place(parser, token) }
}

/** The only recursion, so the only place where depth needs a limit. */
function nested(
  parser: Parser,
  opener: Token,
  read: (parser: Parser) => Expression | RuleError,
): Expression | RuleError {
  if (parser.depth >= MAX_DEPTH) return ruleError(`nested more than ${MAX_DEPTH} deep`, opener.column)
  parser.depth++
  const expression = read(parser)
  parser.depth--
  return expression
}
