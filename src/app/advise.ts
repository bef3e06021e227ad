import { Fault, userFault } from '../core/fault.ts'
import type { HistoryDesk } from '../core/history.ts'
import { columnsOf, parseCsv } from '../core/history-csv.ts'
import { METRICS, type MetricName, metricInfo, metricNamed, type Sample } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import type { Millis } from '../core/time.ts'
import { type Advice, adviceOf, ERRORS } from '../scaling/advice/advice.ts'
import { recordedOf, stepOf } from '../scaling/advice/recorded.ts'
import { readTextFile } from './text-file.ts'

/** Metrics are compared in steps of this, or of what is kept that far back. */
const STEP_MS: Millis = 60_000
const MOST_BYTES = 64 * 2 ** 20
/** What tells what a server carries, beside what a policy can follow. */
const TELLING: readonly MetricName[] = ['throughput', 'serving', ERRORS]

/** What of a fleet advice goes by. */
export type Advisable = Pick<FleetSpec, 'name' | 'metrics' | 'capacityRps'>

export interface AdviceAsk {
  readonly fleet: Advisable
  /** The metric that tells how long requests take. */
  readonly latency: MetricName
  readonly fromAt: Millis
  readonly toAt: Millis
}

/** Advice, and what it rests on. */
export interface Advised {
  readonly advice: Advice
  readonly stepMs: Millis
  readonly steps: number
}

type Read = { readonly stepMs: Millis; readonly samples: ReadonlyMap<MetricName, readonly Sample[]> }

/** By what the history has of the fleet. Throws Fault as `HistoryDesk.read` does. */
export async function adviseByHistory(ask: AdviceAsk, desk: HistoryDesk): Promise<Advised> {
  const { fleet, fromAt, toAt } = ask
  const read = async (beginsAt: Millis) => {
    const answers = metricsOf(ask).map(async (metric) =>
      desk
        .read({ fleet: fleet.name, metric, fromAt: beginsAt, toAt, stepMs: STEP_MS })
        .catch((error: unknown) => {
          // What runs may run by a file that does not know a metric of this one.
          if (error instanceof Fault && error.code === 'not-found') return null
          throw error
        }),
    )
    return (await Promise.all(answers)).filter((answer) => answer !== null)
  }
  const whole = await read(fromAt)
  // A fleet that is hours old is not seen by the steps of what is kept for months.
  const firstAt = Math.min(toAt, ...whole.flatMap(({ points }) => points[0]?.at ?? []))
  const answers = firstAt > fromAt && firstAt < toAt ? await read(firstAt) : whole
  const samples = answers.map(({ metric, points }): [MetricName, readonly Sample[]] => [
    metric,
    points.map(({ at, mean }) => ({ at, value: mean })),
  ])
  return advised(ask, { stepMs: answers[0]?.stepMs ?? STEP_MS, samples: new Map(samples) })
}

/** By what a Prometheus has of those metrics of the file that come from one. */
export async function adviseByPrometheus(
  ask: AdviceAsk,
  sources: Settings['sources'],
  readRange: (metric: MetricName, stepMs: Millis) => Promise<readonly Sample[]>,
): Promise<Advised> {
  const known = sources.filter(({ driver }) => driver === 'prometheus')
  const metrics = known.flatMap(({ queries }) => Object.keys(queries))
  if (metrics.length === 0)
    throw invalid('the configuration has no metric of a Prometheus; add some to its section metrics')
  const samples = new Map<MetricName, readonly Sample[]>()
  for (const metric of metrics) samples.set(metric, await readRange(metric, STEP_MS))
  return advised(ask, { stepMs: STEP_MS, samples })
}

/** By a CSV with a column a metric: `timestamp,rps-per-server,cpu,p95`. Throws Fault request.invalid with every bad line, and where the
 *  latency has no column. */
export function adviseByCsv(ask: Pick<AdviceAsk, 'fleet' | 'latency'>, file: string): Advised {
  const text = readTextFile(file, MOST_BYTES, invalid)
  const samples = new Map<MetricName, readonly Sample[]>()
  const columns = columnsOf(text)
  if (!columns.includes(ask.latency) && !columns.includes(ERRORS))
    throw invalid(
      `${file} has no column ${ask.latency} to tell the latency by, only ${columns.join(', ') || 'timestamp'}; name another by --latency`,
    )
  for (const column of columns) {
    const parsed = parseCsv(text, { column })
    if (!parsed.ok) throw invalid(parsed.problems.map((problem) => `${file}: ${problem}`).join('\n'))
    const metric = metricNamed(column, ask.fleet.metrics) ?? column
    samples.set(metric, parsed.samples)
  }
  return advised(ask, { stepMs: stepOf(samples) ?? STEP_MS, samples })
}

function advised(
  { fleet, latency }: Pick<AdviceAsk, 'fleet' | 'latency'>,
  { stepMs, samples }: Read,
): Advised {
  const known = new Map([...samples].filter(([, all]) => all.length > 0))
  const candidates = [...known.keys()].filter((metric) => canFollow(metric, fleet))
  const recorded = recordedOf(known, { stepMs, candidates, latency, capacityRps: fleet.capacityRps })
  const steps = recorded.series.values().next().value?.length ?? 0
  return { advice: adviceOf(recorded), stepMs, steps }
}

/** One that falls as servers are added. A name that nobody knows is taken for one. */
function canFollow(metric: MetricName, { metrics }: Pick<Advisable, 'metrics'>): boolean {
  if (TELLING.includes(metric)) return false
  if (metricNamed(metric, metrics) === null) return true
  const { perServer, noTarget } = metricInfo(metric, metrics)
  return perServer && noTarget === undefined
}

function metricsOf({ fleet, latency }: AdviceAsk): readonly MetricName[] {
  const all = [...Object.keys(METRICS), ...Object.keys(fleet.metrics)]
  return [...new Set([...all.filter((metric) => canFollow(metric, fleet)), latency, ...TELLING])]
}

function invalid(message: string): Fault {
  return userFault('request.invalid', message)
}
