import { resolve } from 'node:path'
import type { Json } from '../../core/canonical.ts'
import type { ConfigProblem, DriverKeys, Parsed } from '../../core/driver.ts'
import {
  commandKey,
  type DurationField,
  durationKey,
  folderKey,
  numberKey,
  type ReportField,
  readCommand,
  readDuration,
  readFolder,
  readVariables,
  variablesKey,
} from '../../core/driver-fields.ts'
import { Fault } from '../../core/fault.ts'
import { orNothing, sizeForm } from '../../core/form.ts'
import type { Millis } from '../../core/time.ts'
import { parseBytes } from '../../core/units.ts'
import type { Limits } from './cgroup/plan.ts'

/** What to start: the whole of what a server of this fleet is. */
export interface LocalTemplate {
  readonly command: readonly string[]
  /** Added to the controller's own environment. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute. */
  readonly cwd: string
  readonly limits: Limits
}

/** The local driver's part of a fleet's section. */
export interface LocalConfig extends LocalTemplate {
  /** From SIGTERM to SIGKILL. Not in the template: changing it replaces no server. */
  readonly stopTimeoutMs: Millis
}

const MIN_CPUS = 0.01
const MAX_CPUS = 1024
/** Less than this starts no program. */
const MIN_MEMORY_BYTES = 4 * 1024 * 1024
const STOP_TIMEOUT: DurationField = {
  standardMs: 10_000,
  minMs: 0,
  maxMs: Number.POSITIVE_INFINITY,
  expects: 'a duration, like 10s',
}

const MEMORY = sizeForm('4MiB and more')

export const LOCAL_KEYS: DriverKeys = {
  command: {
    ...commandKey(
      'The program of each server and its arguments; it listens on the port in the variable `PORT`.',
    ),
    required: true,
  },
  env: variablesKey("Added to Tidegate's own variables."),
  cwd: folderKey('Where the program starts; relative to the folder of this file.'),
  cpus: numberKey(
    MIN_CPUS,
    MAX_CPUS,
    'Most CPU time of one server, in CPUs. Default: no limit. See `docs/guides/limits.md`.',
  ),
  memory: {
    ...MEMORY,
    schema: orNothing(MEMORY.schema),
    help: 'Most memory of one server. Default: no limit, and the metric `memory` has no data.',
  },
  'stop-timeout': durationKey(STOP_TIMEOUT, 'From SIGTERM to SIGKILL.'),
}

type Raw = Readonly<Record<string, unknown>>

/** Parses the keys above and looks at no others; every problem is reported, not only the first. */
export function parseLocal(raw: Raw, baseDir: string): Parsed<LocalConfig> {
  const problems: ConfigProblem[] = []
  const report: ReportField = (path, message) => problems.push({ path, message })
  const config = {
    command: readCommand(raw.command, 'command', report),
    env: readVariables(raw.env, ['PORT'], report),
    cwd: resolve(baseDir, readFolder(raw.cwd, 'cwd', report)),
    limits: { cpus: readCpus(raw.cpus, report), memoryBytes: readMemory(raw.memory, report) },
    stopTimeoutMs: readDuration(raw['stop-timeout'], ['stop-timeout'], STOP_TIMEOUT, report),
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems }
}

function readCpus(value: unknown, report: ReportField): number | null {
  if (value === undefined || value === null) return null
  const cpus = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof cpus === 'number' && cpus >= MIN_CPUS && cpus <= MAX_CPUS) return cpus
  report(['cpus'], `expected a number of CPUs from ${MIN_CPUS} to ${MAX_CPUS}, like 0.5`)
  return null
}

function readMemory(value: unknown, report: ReportField): number | null {
  if (value === undefined || value === null) return null
  const bytes = typeof value === 'string' ? parseBytes(value) : null
  if (bytes !== null && Number.isSafeInteger(bytes) && bytes >= MIN_MEMORY_BYTES) return bytes
  report(['memory'], 'expected a size of at least 4MiB, like 512MiB')
  return null
}

/** The template of a configuration, as launches carry it. */
export function templateOf({ command, env, cwd, limits }: LocalConfig): Json {
  const { cpus, memoryBytes } = limits
  // Left out where there is none, so that servers of a file without limits keep their revision.
  return {
    command,
    env,
    cwd,
    ...(cpus !== null && { cpus }),
    ...(memoryBytes !== null && { memory: `${memoryBytes}B` }),
  }
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
