import { cellsOf, firstOf, instantCell, linesOf, numberCell, shown } from './csv.ts'
import type { HistoryPoint } from './history.ts'
import type { Sample } from './metrics.ts'

/** Sixty days of a sample every ten seconds, and then some. */
export const MOST_SAMPLES = 600_000
const HEADER = 'timestamp,min,mean,max,p95,count'

export type ParsedCsv =
  | { readonly ok: true; readonly samples: readonly Sample[] }
  /** A sentence each, with the line. */
  | { readonly ok: false; readonly problems: readonly string[] }

interface Reading {
  /** Which column has the values; left out: `value`, or `mean`, as our own export has it. */
  readonly column?: string
  /** What is wrong with a sample beside how it is written; null = nothing. */
  readonly check?: (sample: Sample) => string | null
}

/** The names of the columns of a CSV that has several values a line, but for its first, `timestamp`. */
export function columnsOf(text: string): readonly string[] {
  return cellsOf(linesOf(text)[0]!).filter((name) => name.toLowerCase() !== 'timestamp')
}

/** Samples from CSV with a header that names `timestamp` and the column of the values; other columns are passed over. An empty value or
 *  NaN is no sample. Every problem is found, not only the first. */
export function parseCsv(text: string, { column, check = () => null }: Reading = {}): ParsedCsv {
  const lines = linesOf(text)
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
    const found = read !== null && typeof read !== 'string' ? (check(read) ?? read) : read
    if (typeof found === 'string') problems.push(`line ${index + 1}: ${found}`)
    else if (found !== null) samples.push(found)
  })
  if (samples.length > MOST_SAMPLES)
    problems.push(`${samples.length} samples, and at most ${MOST_SAMPLES} are taken at once; cut the file up`)
  return problems.length === 0 ? { ok: true, samples } : { ok: false, problems: firstOf(problems) }
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
  const at = instantCell(cells[time]!)
  if (typeof at === 'string') return at
  const text = cells[value]!
  if (text === '' || text.toLowerCase() === 'nan') return null
  const number = numberCell(text)
  return typeof number === 'string' ? number : { at, value: number }
}
