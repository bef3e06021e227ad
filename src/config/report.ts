import type { ConfigProblem } from '../core/driver.ts'
import type { SourceText } from '../core/policy.ts'
import type { Problem } from '../core/settings.ts'
import type { Document, Path } from './document.ts'
import { sortProblems } from './problems.ts'
import { hide, redact } from './secrets.ts'

/** Collects what is wrong, each with its place. Nothing here ends the reading: all problems come at once. */
export interface Report {
  /** Points at the value, or at its key when there is no value. */
  error(path: Path, message: string): void
  warn(path: Path, message: string): void
  /** A warning of a value that is allowed and seldom wise. */
  advise(path: Path, message: string): void
  /** Points at the key itself. */
  unknownKey(path: Path, message: string): void
  /** `expected ..., got ...`, or `missing; expected ...`. */
  expected(path: Path, what: string, suggestion?: string): void
  /** The problems that a driver found in its keys of the section at the path. */
  driver(path: Path, problems: readonly ConfigProblem[]): void
  /** A scalar with its place, for those who find columns inside it. */
  source(path: Path, text: string): SourceText
  /** Points inside a scalar, at a column (from 1) of its text. */
  inside(path: Path, at: { readonly text: string; readonly column: number }, message: string): void
  has(path: Path): boolean
  /** As it is written at the path; null when there is nothing. */
  written(path: Path): string | null
  /** Where a value stands, for messages that name a second place: `line 12`. */
  line(path: Path): number
  /** A value as it may be stored and shown: placeholders, never secrets. */
  hide<T>(value: T): T
  problems(): readonly Problem[]
}

export function makeReport(document: Document, file: string, text: string): Report {
  const found: Problem[] = []
  // What has no secret, or is twice, would only be complained about a second time.
  const settled = new Set(document.problems.map(({ path }) => path.join('.')))
  settled.delete('')
  const add = (level: Problem['level'], path: Path, offset: number, message: string): void => {
    found.push(problemAt(level, path, offset, message))
  }
  const problemAt = (level: Problem['level'], path: Path, offset: number, message: string): Problem => ({
    file,
    ...document.position(offset),
    path: path.join('.'),
    message: redact(message, document.secrets),
    level,
  })
  for (const { path, offset, message } of document.problems) add('error', path, offset, message)
  const error: Report['error'] = (path, message) => {
    if (!settled.has(path.join('.'))) add('error', path, document.offset(path, 'value'), message)
  }
  // Inside quotes the text starts one further; folded or substituted text has no columns of its own.
  const textAt = (path: Path, value: string) => {
    const offset = document.offset(path, 'value')
    const inside = ['"', "'"].includes(text[offset] ?? '') ? offset + 1 : offset
    return text.startsWith(value, inside) ? { offset: inside, literal: true } : { offset, literal: false }
  }
  return {
    error,
    warn: (path, message) => add('warning', path, document.offset(path, 'value'), message),
    advise(path, message) {
      found.push({ ...problemAt('warning', path, document.offset(path, 'value'), message), advice: true })
    },
    unknownKey: (path, message) => add('error', path, document.offset(path, 'key'), message),
    expected(path, what, suggestion = '') {
      const written = document.written(path)
      const start = written === null ? `missing; expected ${what}` : `expected ${what}, got ${written}`
      error(path, `${start}${suggestion}`)
    },
    driver(path, problems) {
      for (const problem of problems) {
        const at = [...path, ...problem.path]
        const written = document.written(at)
        const { message } = problem
        if (written === null) error(at, `missing; ${message}`)
        // It is named already.
        else error(at, message.startsWith(`${written} `) ? message : `${message}, got ${written}`)
      }
    },
    inside(path, { text: value, column }, message) {
      const { offset, literal } = textAt(path, value)
      add('error', path, literal ? offset + column - 1 : offset, message)
    },
    source: (path, value) => ({ text: value, file, ...document.position(textAt(path, value).offset) }),
    has: (path) => document.written(path) !== null,
    written: document.written,
    line: (path) => document.position(document.offset(path, 'value')).line,
    hide: (value) => hide(value, document.secrets),
    problems: () => sortProblems(found),
  }
}
