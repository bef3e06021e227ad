import { resolve } from 'node:path'
import type { Json } from '../../core/canonical.ts'
import type { ConfigProblem } from '../../core/driver.ts'
import { Fault } from '../../core/fault.ts'
import type { Millis } from '../../core/time.ts'
import { parseDuration } from '../../core/units.ts'

/** What to start: the whole of what a server of this fleet is. */
export interface LocalTemplate {
  readonly command: readonly string[]
  /** Added to the controller's own environment. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute. */
  readonly cwd: string
}

/** The local driver's part of a fleet's section. */
export interface LocalConfig extends LocalTemplate {
  /** From SIGTERM to SIGKILL. Not in the template: changing it replaces no server. */
  readonly stopTimeoutMs: Millis
}

export const LOCAL_KEYS = ['command', 'env', 'cwd', 'stop-timeout'] as const
const DEFAULT_STOP_TIMEOUT_MS = 10_000
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

type Raw = Readonly<Record<string, unknown>>
type Report = (path: ConfigProblem['path'], message: string) => void

/** Parses the keys above and looks at no others; every problem is reported, not only the first. */
export function parseLocal(
  raw: Raw,
  baseDir: string,
):
  | { readonly ok: true; readonly config: LocalConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const report: Report = (path, message) => problems.push({ path, message })
  const config = {
    command: commandOf(raw.command, report),
    env: envOf(raw.env, report),
    cwd: resolve(baseDir, cwdOf(raw.cwd, report)),
    stopTimeoutMs: stopTimeoutOf(raw['stop-timeout'], report),
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

function commandOf(value: unknown, report: Report): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    report(['command'], 'expected what to start as a list of words, like [node, server.js]')
    return []
  }
  value.forEach((word, index) => {
    if (typeof word !== 'string') report(['command', index], 'expected text; put quotes around it')
    else if (word.includes('\0')) report(['command', index], 'expected text without a zero byte')
  })
  if (value[0] === '') report(['command', 0], 'expected the name or path of a program')
  return value.map(String)
}

function envOf(value: unknown, report: Report): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    report(['env'], 'expected a map of names to values, like { LOG_LEVEL: info }')
    return {}
  }
  const entries = Object.entries(value)
  for (const [name, item] of entries) {
    if (!NAME.test(name)) report(['env', name], 'expected letters, digits and _ in the name of a variable')
    if (name === 'PORT' || name.startsWith('TIDEGATE_')) report(['env', name], 'Tidegate sets this variable')
    if (!['string', 'number', 'boolean'].includes(typeof item)) {
      report(['env', name], 'expected text, a number, true or false')
    } else if (String(item).includes('\0')) report(['env', name], 'expected text without a zero byte')
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, String(item)]))
}

function cwdOf(value: unknown, report: Report): string {
  if (value === undefined || value === null) return '.'
  if (typeof value === 'string' && value !== '') return value
  report(['cwd'], 'expected a folder, absolute or relative to this file')
  return '.'
}

function stopTimeoutOf(value: unknown, report: Report): Millis {
  if (value === undefined || value === null) return DEFAULT_STOP_TIMEOUT_MS
  const parsed = typeof value === 'string' || value === 0 ? parseDuration(String(value)) : null
  if (parsed === null) report(['stop-timeout'], 'expected a duration, like 10s')
  return parsed ?? DEFAULT_STOP_TIMEOUT_MS
}

/** The template of a configuration, as launches carry it. */
export function templateOf({ command, env, cwd }: LocalConfig): Json {
  return { command, env, cwd }
}

/** Reads back what `templateOf` made, perhaps of an earlier configuration. Throws Fault request.invalid. */
export function readTemplate(template: Json): LocalTemplate {
  const raw = typeof template === 'object' && template !== null && !Array.isArray(template) ? template : {}
  const parsed = parseLocal(raw as Raw, '/')
  if (parsed.ok) return parsed.config
  const [first] = parsed.problems
  throw new Fault('request.invalid', `template: ${first?.path.join('.')}: ${first?.message}`, {
    source: 'internal',
    retry: 'no',
  })
}
