import { resolve } from 'node:path'
import type { Json } from '../../core/canonical.ts'
import type { ConfigProblem, DriverKeys, Parsed } from '../../core/driver.ts'
import {
  commandKey,
  type DurationField,
  durationKey,
  folderKey,
  type ReportField,
  readCommand,
  readDuration,
  readFolder,
  readVariables,
  variablesKey,
} from '../../core/driver-fields.ts'
import { Fault } from '../../core/fault.ts'
import type { Millis } from '../../core/time.ts'

export type CommandName = 'list' | 'launch' | 'retire' | 'confirm'

/** What a launch is made of: its hash is the revision. */
export interface ExecTemplate {
  readonly launch: readonly string[]
  /** Handed to the launch command as it stands in the file. */
  readonly template: Json
}

/** The exec driver's part of a fleet's section. */
export interface ExecConfig extends ExecTemplate {
  readonly list: readonly string[]
  readonly retire: readonly string[]
  /** null = nothing deletes a server by itself. */
  readonly confirm: readonly string[] | null
  /** Added to the controller's own environment, for every command. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute. */
  readonly cwd: string
  readonly freshForMs: Millis
  readonly timeoutMs: Readonly<Record<CommandName, Millis>>
}

const FRESH: DurationField = {
  standardMs: 2_000,
  minMs: 0,
  maxMs: 60_000,
  expects: 'a duration of at most 1m, like 5s',
}
/** Those of steps end before the controller takes a step for unanswered. */
const TIMEOUTS: Readonly<Record<CommandName, DurationField>> = {
  list: { standardMs: 30_000, minMs: 100, maxMs: 110_000, expects: 'a duration from 100ms to 110s' },
  launch: { standardMs: 90_000, minMs: 100, maxMs: 110_000, expects: 'a duration from 100ms to 110s' },
  retire: { standardMs: 45_000, minMs: 100, maxMs: 50_000, expects: 'a duration from 100ms to 50s' },
  confirm: { standardMs: 20_000, minMs: 100, maxMs: 20_000, expects: 'a duration from 100ms to 20s' },
}

export const EXEC_KEYS: DriverKeys = {
  list: { ...commandKey('Prints every server that there is.'), required: true },
  launch: { ...commandKey('Starts servers.'), required: true },
  retire: { ...commandKey('Ends servers.'), required: true },
  confirm: commandKey(
    'Tells that a server has joined, where something would delete it otherwise. Default: nothing would.',
  ),
  template: {
    type: 'anything',
    allowed: '',
    schema: {},
    help: 'Handed to `launch`; another one is another version of the servers.',
  },
  env: variablesKey("Added to Tidegate's own variables, for every command."),
  cwd: folderKey('Where commands start; relative to the folder of this file.'),
  fresh: durationKey(FRESH, 'How long an answer of `list` may be used again.'),
  timeouts: {
    help: 'How long commands may take.',
    keys: {
      list: durationKey(TIMEOUTS.list, 'Longest that one `list` may take; then it is killed.'),
      launch: durationKey(TIMEOUTS.launch, 'Longest that one `launch` may take; then it is killed.'),
      retire: durationKey(TIMEOUTS.retire, 'Longest that one `retire` may take; then it is killed.'),
      confirm: durationKey(TIMEOUTS.confirm, 'Longest that one `confirm` may take; then it is killed.'),
    },
  },
}

type Raw = Readonly<Record<string, unknown>>

/** Parses the keys above and looks at no others; every problem is reported, not only the first. */
export function parseExec(raw: Raw, baseDir: string): Parsed<ExecConfig> {
  const problems: ConfigProblem[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const config = {
    list: readCommand(raw.list, 'list', report),
    launch: readCommand(raw.launch, 'launch', report),
    retire: readCommand(raw.retire, 'retire', report),
    confirm: raw.confirm === undefined ? null : readCommand(raw.confirm, 'confirm', report),
    // The file is YAML, whose values are JSON's; anything else comes out as JSON would have it.
    template: JSON.parse(JSON.stringify(raw.template ?? null)) as Json,
    env: readVariables(raw.env, [], report),
    cwd: resolve(baseDir, readFolder(raw.cwd, 'cwd', report)),
    freshForMs: readDuration(raw.fresh, ['fresh'], FRESH, report),
    timeoutMs: readTimeouts(raw.timeouts, report),
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

function readTimeouts(value: unknown, report: ReportField): ExecConfig['timeoutMs'] {
  const raw = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {}
  if (value !== undefined && value !== null && raw !== value)
    report(['timeouts'], 'expected a map of commands to durations, like { list: 10s }')
  for (const key of Object.keys(raw)) {
    if (!Object.hasOwn(TIMEOUTS, key))
      report(['timeouts', key], 'unknown command; expected list, launch, retire or confirm')
  }
  const read = (name: CommandName) => readDuration(raw[name], ['timeouts', name], TIMEOUTS[name], report)
  return { list: read('list'), launch: read('launch'), retire: read('retire'), confirm: read('confirm') }
}

/** The template of a configuration, as launches carry it. */
export function templateOf({ launch, template }: ExecTemplate): Json {
  return { launch, template }
}

/** Reads back what `templateOf` made, perhaps of an earlier configuration. Throws Fault request.invalid. */
export function readTemplate(value: Json): ExecTemplate {
  const raw = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as {
    readonly [key: string]: Json
  }
  let problem: string | null = null
  const launch = readCommand(raw.launch, 'launch', (path, message) => {
    problem ??= `template: ${path.join('.')}: ${message}`
  })
  if (problem === null) return { launch, template: raw.template ?? null }
  throw new Fault('request.invalid', problem, { source: 'internal', retry: 'no' })
}
