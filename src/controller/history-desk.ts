import { Fault, type FaultCode } from '../core/fault.ts'
import {
  BESIDE_METRICS,
  belowZero,
  type History,
  type HistoryDesk,
  type SeriesName,
} from '../core/history.ts'
import { parseCsv } from '../core/history-csv.ts'
import { type CustomMetrics, metricInfo, metricNamed, metricNames, type Unit } from '../core/metrics.ts'

interface KnownFleet {
  readonly name: string
  /** Those that the file defines. */
  readonly metrics: CustomMetrics
}

/** The history under the names that these fleets know now. */
export function createHistoryDesk(history: History, fleets: () => readonly KnownFleet[]): HistoryDesk {
  return {
    series: () => history.series(),
    async read(query) {
      const known = knownSeries(fleets(), query)
      const { fleet, metric } = known.ok ? known : query
      if (!known.ok && !(await isKept(history, query))) throw known.fault
      const answer = await history.read({ ...query, fleet, metric })
      return { ...answer, unit: known.ok ? known.unit : null }
    },
    async importCsv(series, csv) {
      const known = knownSeries(fleets(), series)
      if (!known.ok) throw known.fault
      const parsed = parseCsv(csv, { check: (sample) => belowZero(known.metric, sample) })
      if (!parsed.ok) throw userFault('request.invalid', parsed.problems.join('\n'))
      return await history.import({ fleet: known.fleet, metric: known.metric }, parsed.samples)
    },
  }
}

/** Of a fleet or a metric that the file has no more. */
async function isKept(history: History, { fleet, metric }: SeriesName): Promise<boolean> {
  const series = await history.series()
  return series.some((one) => one.fleet === fleet && one.metric === metric)
}

type Known =
  | ({ readonly ok: true; readonly unit: Unit } & SeriesName)
  | { readonly ok: false; readonly fault: Fault }

/** Aliases become the names that they stand for. */
function knownSeries(fleets: readonly KnownFleet[], { fleet, metric }: SeriesName): Known {
  const found = fleets.find(({ name }) => name === fleet)
  if (!found)
    return unknown(`there is no fleet ${fleet}; there are: ${listOf(fleets.map(({ name }) => name))}`)
  if (BESIDE_METRICS.includes(metric)) return { ok: true, fleet, metric, unit: 'count' }
  const name = metricNamed(metric, found.metrics)
  if (name === null) {
    const names = [...BESIDE_METRICS, ...metricNames(found.metrics)]
    return unknown(`there is no metric ${metric}; there are: ${listOf(names)}`)
  }
  return { ok: true, fleet, metric: name, unit: metricInfo(name, found.metrics).unit }
}

function unknown(message: string): Known {
  return { ok: false, fault: userFault('not-found', message) }
}

function listOf(names: readonly string[]): string {
  return names.join(', ') || 'none'
}

function userFault(code: FaultCode, message: string): Fault {
  return new Fault(code, message, { source: 'user', retry: 'no' })
}
