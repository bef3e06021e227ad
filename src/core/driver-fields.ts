import type { ConfigProblem, DriverKey } from './driver.ts'
import { durationForm, orNothing, orPlaceholder } from './form.ts'
import type { Millis } from './time.ts'
import { formatDuration, parseDuration } from './units.ts'

/** Where a driver says what is wrong with its part of the file. */
export type ReportField = (path: ConfigProblem['path'], message: string) => void

/** Bounds and standard of a duration, in ms. */
export interface DurationField {
  readonly standardMs: Millis
  readonly minMs: Millis
  readonly maxMs: Millis
  /** How the sentence ends, such as `a duration from 1s to 5m, like 10s`. */
  readonly expects: string
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The key of a `readCommand`. */
export function commandKey(help: string): DriverKey {
  const schema = { type: 'array', minItems: 1, items: { type: 'string' } }
  return { type: 'list of words', allowed: '', schema, help: `${help} No shell reads them.` }
}

/** The key of a `readVariables`. */
export function variablesKey(help: string): DriverKey {
  const schema = {
    type: 'object',
    propertyNames: { pattern: VARIABLE.source },
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  }
  return { type: 'mapping of names to values', allowed: '', schema: orNothing(schema), help }
}

/** The key of a `readFolder`. */
export function folderKey(help: string): DriverKey {
  return {
    type: 'folder',
    allowed: '',
    schema: orNothing({ type: 'string', minLength: 1 }),
    default: '.',
    help,
  }
}

/** The key of a `readDuration`. */
export function durationKey({ standardMs, minMs, maxMs }: DurationField, help: string): DriverKey {
  const allowed = maxMs === Number.POSITIVE_INFINITY ? '' : `${written(minMs)} to ${written(maxMs)}`
  const { type, schema } = durationForm(allowed)
  return { type, allowed, schema: orNothing(schema), default: written(standardMs), help }
}

/** The key of a number; digits in quotes count too. */
export function numberKey(min: number, max: number, help: string): DriverKey {
  const number = { type: 'number', minimum: min, maximum: max }
  const schema = orPlaceholder({ anyOf: [number, { type: 'string', pattern: '^\\d+(\\.\\d+)?$' }] })
  return { type: 'number', allowed: `${min} to ${max}`, schema: orNothing(schema), help }
}

function written(ms: Millis): string {
  return ms === 0 ? '0' : formatDuration(ms)
}

/** A program and its arguments; no shell reads them. Empty when there is a problem. */
export function readCommand(value: unknown, key: string, report: ReportField): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    report([key], 'expected a program and its arguments as a list of words, like [node, server.js]')
    return []
  }
  value.forEach((word, index) => {
    if (typeof word !== 'string') report([key, index], 'expected text; put quotes around it')
    else if (word.includes('\0')) report([key, index], 'expected text without a zero byte')
  })
  if (value[0] === '') report([key, 0], 'expected the name or path of a program')
  return value.map(String)
}

/** Variables of a process; Tidegate's own and `reserved` ones are refused. */
export function readVariables(
  value: unknown,
  reserved: readonly string[],
  report: ReportField,
): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    report(['env'], 'expected a map of names to values, like { LOG_LEVEL: info }')
    return {}
  }
  const entries = Object.entries(value)
  for (const [name, item] of entries) {
    if (!VARIABLE.test(name))
      report(['env', name], 'expected letters, digits and _ in the name of a variable')
    if (reserved.includes(name) || name.startsWith('TIDEGATE_'))
      report(['env', name], 'Tidegate sets this variable')
    if (!['string', 'number', 'boolean'].includes(typeof item)) {
      report(['env', name], 'expected text, a number, true or false')
    } else if (String(item).includes('\0')) report(['env', name], 'expected text without a zero byte')
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, String(item)]))
}

/** As it is written: absolute, or relative to the file. */
export function readFolder(value: unknown, key: string, report: ReportField): string {
  if (value === undefined || value === null) return '.'
  if (typeof value === 'string' && value !== '' && !value.includes('\0')) return value
  report([key], 'expected a folder, absolute or relative to this file')
  return '.'
}

export function readDuration(
  value: unknown,
  path: ConfigProblem['path'],
  { standardMs, minMs, maxMs, expects }: DurationField,
  report: ReportField,
): Millis {
  if (value === undefined || value === null) return standardMs
  const parsed = typeof value === 'string' || value === 0 ? parseDuration(String(value)) : null
  if (parsed !== null && parsed >= minMs && parsed <= maxMs) return parsed
  report(path, `expected ${expects}`)
  return standardMs
}
