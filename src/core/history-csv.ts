import type { HistoryPoint } from './history.ts'
import { parseFixedInstant } from './instant.ts'
import type { Sample } from './metrics.ts'

/** Sixty days of a sample every ten seconds, and then some. */
export const MOST_SAMPLES = 600_000
/** Problems that are told; the rest are counted. */
const MOST_TOLD = 20
const HEADER = 'timestamp,min,mean,max,p95,count'

export type ParsedCsv =
  | { readonly ok: true; readonly samples: readonly Sample[] }
  /** A sentence each, with the line. */
  | { readonly ok: false; readonly problems: readonly string[] }

/** The names of the columns of a CSV that has several values a line, but for its first, `timestamp`. */
export function columnsOf(text: string): readonly string[] {
  const [first = ''] = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)
  return cellsOf(first).filter((name) => name.toLowerCase() !== 'timestamp')
}

/** Samples from CSV with a header that names `timestamp` and `column`, or where that is not given `value` (or `mean`, as our own export does); other columns are passed
 *  over. An empty value or NaN is no sample. Every problem is found, not only the first. */
export function parseCsv(text: string, column?: string): ParsedCsv {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const columns = cellsOf(lines[0] ?? '').map((name) => name.toLowerCase())
  const time = columns.indexOf('timestamp')
  const names = column === undefined ? ['value', 'mean'] : [column.toLowerCase()]
  const value = columns.indexOf(names.find((name) => columns.includes(name)) ?? '')
  if (time < 0 || value < 0)
    return {
      ok: false,
      problems: [`line 1: expected the header "timestamp,${names[0]}", got "${shown(lines[0]!)}"`],
    }
  const samples: Sample[] = []
  const problems: string[] = []
  lines.forEach((line, index) => {
    if (index === 0 || line.trim() === '') return
    const read = sampleOf(cellsOf(line), { time, value, width: columns.length })
    if (typeof read === 'string') problems.push(`line ${index + 1}: ${read}`)
    else if (read !== null) samples.push(read)
  })
  if (samples.length > MOST_SAMPLES)
    problems.push(`${samples.length} samples, and at most ${MOST_SAMPLES} are taken at once; cut the file up`)
  if (problems.length === 0) return { ok: true, samples }
  const more = problems.length - MOST_TOLD
  return { ok: false, problems: [...problems.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])] }
}

/** For `parseCsv` and for spreadsheets: a line a point, in the metric's base unit. */
export function formatCsv(points: readonly HistoryPoint[]): string[] {
  return [
    HEADER,
    ...points.map(({ at, min, mean, max, p95, count }) =>
      [new Date(at).toISOString(), min, mean, max, p95, count].join(','),
    ),
  ]
}

/** null = no sample; text = what is wrong. */
function sampleOf(
  cells: readonly string[],
  { time, value, width }: { readonly time: number; readonly value: number; readonly width: number },
): Sample | string | null {
  if (cells.length !== width) return `expected ${width} columns, got ${cells.length}`
  const at = parseFixedInstant(cells[time]!)
  if (at === null)
    return `expected an instant such as 1767225600 or 2026-01-01T00:00:00Z, got "${shown(cells[time]!)}"`
  const text = cells[value]!
  if (text === '' || text.toLowerCase() === 'nan') return null
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? { at, value: number } : `expected a number, got "${shown(text)}"`
}

/** Quotes around a cell are taken off; nothing that we read needs a comma inside. */
function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text
}
