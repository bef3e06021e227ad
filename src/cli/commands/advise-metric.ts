import {
  type Advisable,
  type Advised,
  adviseByCsv,
  adviseByHistory,
  adviseByPrometheus,
} from '../../app/advise.ts'
import { fleetOf } from '../../app/simulated-fleet.ts'
import { metricInfo, metricNamed } from '../../core/metrics.ts'
import type { Settings } from '../../core/settings.ts'
import type { Clock } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import { CliError } from '../errors.ts'
import type { Output } from '../output.ts'
import { table } from '../table.ts'
import { type Past, rangeSince } from './history.ts'

type Advice = Advised['advice']
type Suggestion = NonNullable<Advice['suggestion']>

/** As the command line gives them, with its defaults. */
export interface AdviseMetricOptions {
  readonly from?: 'journal' | 'prometheus'
  readonly csv?: string
  readonly latency: string
  readonly since: string
  readonly until?: string
}

export interface AdviseContext {
  readonly out: Output
  readonly json: boolean
  readonly clock: Clock
  /** null = there is no configuration; a CSV needs none. */
  readonly settings: Settings | null
  readonly past: Past
}

/** `tidegate advise scaling [FLEET]`: exit code 1 when nothing can be advised. */
export async function adviseMetric(
  name: string | undefined,
  options: AdviseMetricOptions,
  context: AdviseContext,
): Promise<number> {
  const { out, json, settings } = context
  const fleet = fleetFor(name ?? null, options, settings)
  const advised = await read(fleet, options, context)
  const { advice, ...about } = advised
  if (json) out.json({ fleet: fleet.name, ...about, ...advice })
  else print(fleet, advised, out)
  return advice.suggestion === null ? 1 : 0
}

/** A CSV stands for itself: only a fleet that is named, or the only one, tells more of it. */
function fleetFor(name: string | null, { csv }: AdviseMetricOptions, settings: Settings | null): Advisable {
  const isOwn = settings !== null && (name !== null || csv === undefined || settings.fleets.length === 1)
  return isOwn ? fleetOf(settings, name).fleet : { name: name ?? 'fleet', metrics: {}, capacityRps: null }
}

async function read(
  fleet: Advisable,
  options: AdviseMetricOptions,
  { settings, past, clock }: AdviseContext,
): Promise<Advised> {
  const { csv, from, latency, since, until } = options
  const about = { fleet, latency: metricNamed(latency, fleet.metrics) ?? latency }
  if (csv !== undefined && from !== undefined) throw new CliError('give one of `--csv FILE` and `--from`', 2)
  if (csv !== undefined) return adviseByCsv(about, csv)
  const range = rangeSince({ since, until }, clock.now())
  const ask = { ...about, ...range }
  if (from !== 'prometheus') return await past.withDesk((desk) => adviseByHistory(ask, desk))
  const where = { fleet: fleet.name, prometheus: null, query: null, ...range }
  return await adviseByPrometheus(ask, settings?.sources ?? [], (metric, stepMs) =>
    past.readRange({ ...where, metric, stepMs }),
  )
}

function print(
  fleet: Advisable,
  { advice, steps, stepMs }: Advised,
  { say, quote, line, note }: Output,
): void {
  const { variation, moving, suggestion, why } = advice
  const varied =
    variation === null ? '' : `; the load of a server varied by a factor of ${variation.toFixed(1)}`
  line(`${fleet.name}: ${steps} steps of ${formatDuration(stepMs)}${varied}`)
  if (moving.length > 0) for (const row of movingTable(advice, stepMs, say)) quote(row)
  if (suggestion === null) {
    note(`no advice: ${why}`)
  } else {
    line(`advice: ${why}`)
    for (const row of yamlOf(fleet, suggestion)) quote(row)
  }
}

function movingTable({ moving }: Advice, stepMs: number, say: Output['say']): readonly string[] {
  const headings = ['METRIC', 'MOVES WITH', '>SPEARMAN', '>PEARSON', '>AHEAD BY', '>STEPS', '']
  const rows = moving.map(({ metric, signal, spearman, pearson, lag, pairs, significant }) => [
    metric,
    signal,
    spearman.toFixed(2),
    pearson.toFixed(2),
    `${lag < 0 ? '-' : ''}${formatDuration(Math.abs(lag) * stepMs)}`,
    String(pairs),
    significant ? '' : say('may be chance'),
  ])
  return table(headings, rows, say)
}

/** What to put into the file. */
function yamlOf(fleet: Advisable, { metric, value }: Suggestion): readonly string[] {
  const known = metricNamed(metric, fleet.metrics) !== null
  const isShare = known && metricInfo(metric, fleet.metrics).unit === 'ratio'
  const text = isShare ? `${Math.round(100 * value)}%` : String(Number(value.toPrecision(3)))
  return [
    'fleets:',
    `  ${fleet.name}:`,
    '    policies:',
    `      - { type: target, metric: ${metric}, value: ${text} }`,
  ]
}
