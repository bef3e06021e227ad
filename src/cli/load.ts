import { basename } from 'node:path'
import { fleetOf } from '../app/simulated-fleet.ts'
import type { HistoryDesk, SeriesName } from '../core/history.ts'
import type { Sample } from '../core/metrics.ts'
import type { Settings } from '../core/settings.ts'
import type { Clock, Millis } from '../core/time.ts'
import { traceOfSamples } from '../simulator/trace/read.ts'
import type { Trace } from '../simulator/trace/trace.ts'
import { type Past, rangeSince } from './commands/history.ts'
import { CliError } from './errors.ts'
import { readTraceFile } from './trace-file.ts'

export const SOURCES = ['prometheus', 'journal'] as const
/** Options that say what is asked for where load was measured. */
export const OF_MEASURED = ['--metric', '--prometheus', '--query', '--since', '--until']

/** Where load comes from: a file, or what was measured of a fleet. */
export interface LoadOptions {
  readonly trace?: string
  readonly from?: (typeof SOURCES)[number]
  /** Left out: the only one of the file. */
  readonly fleet?: string
  readonly metric: string
  readonly prometheus?: string
  readonly query?: string
  readonly since: string
  readonly until?: string
  readonly step?: Millis
}

export interface LoadContext {
  readonly clock: Clock
  /** Of the configuration, and what is known of the past by it; null = there is none. */
  past(): Promise<Past & { readonly settings: Settings | null }>
}

export interface Load {
  /** For people. */
  readonly name: string
  readonly trace: Trace
  /** What was mended in it. */
  readonly notes: readonly string[]
}

/** As history import has it. */
const PROMETHEUS_STEP_MS: Millis = 60_000
/** What the history keeps finest; of further back it gives what there is. */
const FINEST_STEP_MS: Millis = 1_000

export async function readLoad(options: LoadOptions, context: LoadContext): Promise<Load> {
  const { trace, from, step } = options
  if (trace !== undefined && from !== undefined) throw new CliError('--trace or --from, not both', 2)
  if (trace === undefined && from === undefined)
    throw new CliError('give one of `--trace FILE`, `--from prometheus` and `--from journal`', 2)
  if (trace !== undefined) return { name: basename(trace), ...readTraceFile(trace, step ?? null) }
  const past = await context.past()
  const series = { fleet: fleetName(options, past.settings), metric: options.metric }
  const range = rangeSince(options, context.clock.now())
  if (from === 'journal') return await past.withDesk((desk) => recorded(desk, { ...series, ...range, step }))
  const { query = null, prometheus = null } = options
  const stepMs = step ?? PROMETHEUS_STEP_MS
  const samples = await past.readRange({ ...series, ...range, prometheus, query, stepMs })
  return loadOf(query ?? series.metric, samples, stepMs)
}

/** Whose load it is; where the file does not tell, nobody's: a query may stand for itself. */
function fleetName({ fleet, from }: LoadOptions, settings: Settings | null): string {
  if (fleet !== undefined) return fleet
  if (settings !== null && (from === 'journal' || settings.fleets.length === 1))
    return fleetOf(settings, null).fleet.name
  if (from === 'journal') throw new CliError('write --fleet: there is no configuration that names one', 2)
  return ''
}

type Wanted = SeriesName & {
  readonly fromAt: Millis
  readonly toAt: Millis
  readonly step: Millis | undefined
}

/** The finer, the younger the oldest of it is: a history of some hours is not read by steps of what is kept for months. */
async function recorded(desk: HistoryDesk, { step, ...query }: Wanted): Promise<Load> {
  const stepMs = step ?? FINEST_STEP_MS
  const whole = await desk.read({ ...query, stepMs })
  const [first] = whole.points
  const name = `${query.metric} of ${query.fleet}`
  if (first === undefined) throw new CliError(`the history has nothing of ${name} in this range`)
  const read = await desk.read({ ...query, fromAt: Math.max(query.fromAt, first.at), stepMs })
  const samples = read.points.map(({ at, mean }) => ({ at, value: mean }))
  return loadOf(name, samples, read.stepMs)
}

function loadOf(name: string, samples: readonly Sample[], stepMs: Millis): Load {
  const read = traceOfSamples(samples, stepMs)
  if (read.ok) return { name, trace: read.trace, notes: read.notes }
  throw new CliError(read.problems.map((problem) => `${name}: ${problem}`).join('\n'))
}
