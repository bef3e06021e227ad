import { readPackedText } from '../../app/text-file.ts'
import { belowZero, type SeriesName } from '../../core/history.ts'
import { parseCsv } from '../../core/history-csv.ts'
import type { Sample } from '../../core/metrics.ts'
import type { Millis } from '../../core/time.ts'
import { CliError } from '../errors.ts'
import { type HistoryContext, type HistoryRange, rangeOf } from './history.ts'

/** What the API takes at once. */
const MOST_BYTES = 30 * 2 ** 20

export interface RangeOptions extends HistoryRange {
  /** Left out: those of the metric in the file. */
  readonly prometheus?: string
  readonly query?: string
}

/** `tidegate history import FILE.csv`, which may be packed by gzip: all of it or nothing. */
export async function importFile(context: HistoryContext, file: string, series: SeriesName): Promise<number> {
  const limits = { mostBytes: MOST_BYTES, mostUnpackedBytes: MOST_BYTES }
  const csv = readPackedText(file, limits, (message) => new CliError(message, 2))
  const now = context.clock.now()
  const check = (sample: Sample) => belowZero(series.metric, sample) ?? notPast(sample, now)
  const parsed = parseCsv(csv, { check })
  if (!parsed.ok) throw new CliError(parsed.problems.map((problem) => `${file}: ${problem}`).join('\n'), 2)
  return await importCsv(context, csv, series)
}

function notPast({ at }: Sample, now: Millis): string | null {
  return at <= now ? null : `${new Date(at).toISOString()} is not of the past`
}

/** `tidegate history import --prometheus URL --query QUERY`: a range of what a Prometheus has. */
export async function importRange(
  context: HistoryContext,
  series: SeriesName,
  { prometheus, query, from = '-60d', step = 60_000, ...end }: RangeOptions,
): Promise<number> {
  const read = await context.readRange({
    ...series,
    prometheus: prometheus ?? null,
    query: query ?? null,
    stepMs: step,
    ...rangeOf({ from, ...end }, context.clock.now()),
  })
  const samples = read.filter(({ value }) => Number.isFinite(value))
  if (samples.length === 0) throw new CliError('the query has no samples in this range')
  const lines = samples.map(({ at, value }) => `${at},${value}`)
  return await importCsv(context, ['timestamp,value', ...lines].join('\n'), series)
}

async function importCsv(
  { desk, out, json }: HistoryContext,
  csv: string,
  series: SeriesName,
): Promise<number> {
  const { samples, tooOld } = await desk.importCsv(series, csv)
  if (json) out.json({ ...series, samples, tooOld })
  const left = tooOld === 0 ? '' : `; ${tooOld} are older than 60 days and were left out`
  const what = samples === 1 ? '1 sample' : `${samples} samples`
  out.note(`the history took ${what} of ${series.metric} of ${series.fleet}${left}`)
  return 0
}
