import type { Problem } from '../core/settings.ts'

const SHOWN_COLUMNS = 120

/** In the order of the file, errors before warnings at the same place. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.level, b.level) ||
      compare(a.path, b.path) ||
      compare(a.message, b.message),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** `file:line:column: path: message`, which editors and terminals make clickable. A warning says that it is one. */
export function formatProblem(problem: Problem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}`
  const level = problem.level === 'warning' ? 'warning: ' : ''
  return printable(`${where}: ${level}${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`)
}

/** Why a file cannot be used, a line an error: what is only unwise in it matters to nobody now. */
export function errorLines(problems: readonly Problem[]): readonly string[] {
  return problems.filter(({ level }) => level === 'error').map(formatProblem)
}

/** For whoever wants to start, not to review: a line a problem, but advice only as a number. */
export function startLines(file: string, problems: readonly Problem[]): readonly string[] {
  const lines = problems.filter(({ advice }) => !advice).map(formatProblem)
  const count = problems.length - lines.length
  if (count === 0) return lines
  const settings = count === 1 ? '1 setting is outside its' : `${count} settings are outside their`
  return [
    ...lines,
    printable(`${file}: ${settings} advised range; \`tidegate validate ${file}\` tells what that does`),
  ]
}

/** For terminals: the line of `formatProblem`, the source line and a caret under the place. */
export function formatPretty(problem: Problem, text: string): string {
  const line = text.split(/\r?\n/)[problem.line - 1]
  if (line === undefined || line.trim() === '') return formatProblem(problem)
  // A long line is shown from a little before the place, so that the caret is in sight.
  const from = problem.column > SHOWN_COLUMNS ? problem.column - 1 - SHOWN_COLUMNS / 2 : 0
  const gutter = `${problem.line}`
  const margin = ' '.repeat(gutter.length)
  return [
    formatProblem(problem),
    `  ${gutter} | ${printable(line.slice(from, from + SHOWN_COLUMNS))}`,
    `  ${margin} | ${' '.repeat(problem.column - 1 - from)}^`,
  ].join('\n')
}

/** A file may hold escape sequences; a terminal must not obey them. A tab becomes one space, so that the caret stays true. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/\p{Cc}/gu, '?')
}
