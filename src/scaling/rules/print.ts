import type { Expression } from './expression.ts'

/** Binding strength, loosest first. */
const LEVELS = ['or', 'and', 'not', 'compare', 'sum', 'product', 'atom'] as const
type Level = (typeof LEVELS)[number]

/** The rule in its plainest spelling: canonical metric names, one space, only the parentheses that it needs. */
export function print(expression: Expression): string {
  switch (expression.kind) {
    case 'quantity':
      return expression.text
    case 'metric':
      return expression.metric
    case 'not':
      return `not ${inside(expression.operand, 'not')}`
    case 'arithmetic':
    case 'compare':
    case 'and':
    case 'or': {
      const level = levelOf(expression)
      const op = 'op' in expression ? expression.op : expression.kind
      // Chains group to the left; a comparison takes no comparison on either side.
      const left = expression.kind === 'compare' ? tighter(level) : level
      return `${inside(expression.left, left)} ${op} ${inside(expression.right, tighter(level))}`
    }
    default:
      return expression satisfies never
  }
}

function inside(part: Expression, atLeast: Level): string {
  const fits = LEVELS.indexOf(levelOf(part)) >= LEVELS.indexOf(atLeast)
  return fits ? print(part) : `(${print(part)})`
}

function tighter(level: Level): Level {
  return LEVELS[LEVELS.indexOf(level) + 1] ?? 'atom'
}

function levelOf(expression: Expression): Level {
  switch (expression.kind) {
    case 'quantity':
    case 'metric':
      return 'atom'
    case 'arithmetic':
      return expression.op === '+' || expression.op === '-' ? 'sum' : 'product'
    case 'not':
    case 'compare':
    case 'and':
    case 'or':
      return expression.kind
    default:
      return expression satisfies never
  }
}
