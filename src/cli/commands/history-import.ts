import { readFileSync, statSync } from 'node:fs'
import { messageOf } from '../../core/fault.ts'
import type { SeriesName } from '../../core/history.ts'
import { parseCsv } from '../../core/history-csv.ts'
import { CliError } from '../errors.ts'
import type { HistoryContext } from './history.ts'

/** What the API takes at once. */
const MOST_BYTES = 30 * 2 ** 20

/** `tidegate history import FILE.csv`: all of it or nothing. */
export async function importFile(context: HistoryContext, file: string, series: SeriesName): Promise<number> {
  const csv = readCsv(file)
  const parsed = parseCsv(csv)
  if (!parsed.ok) throw new CliError(parsed.problems.map((problem) => `${file}: ${problem}`).join('\n'), 2)
  return await importCsv(context, csv, series)
}

export async function importCsv(
  { desk, out, json }: HistoryContext,
  csv: string,
  series: SeriesName,
): Promise<number> {
  const { samples, tooOld } = await desk.importCsv(series, csv)
  if (json) out.json({ ...series, samples, tooOld })
  const left = tooOld === 0 ? '' : `; ${tooOld} are older than 60 days and were left out`
  out.note(
    `${samples} ${samples === 1 ? 'sample' : 'samples'} of ${series.metric} of ${series.fleet} ${samples === 1 ? 'is' : 'are'} in the history${left}`,
  )
  return 0
}

function readCsv(file: string): string {
  try {
    if (statSync(file).size <= MOST_BYTES) return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}`, 2)
  }
  throw new CliError(`${file} is larger than ${MOST_BYTES / 2 ** 20} MiB; cut it up`, 2)
}
