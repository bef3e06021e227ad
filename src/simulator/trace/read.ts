import { cellsOf, firstOf, instantCell, linesOf, numberCell } from '../../core/csv.ts'
import type { Sample } from '../../core/metrics.ts'
import type { Millis } from '../../core/time.ts'
import { formatDuration } from '../../core/units.ts'
import type { Trace } from './trace.ts'

/** A year of seconds is more than any machine should be asked to simulate at once. */
const MOST_STEPS = 10_000_000

export type ReadTrace =
  /** `notes`: a sentence for each kind of thing that was wrong and could be mended. */
  | { readonly ok: true; readonly trace: Trace; readonly notes: readonly string[] }
  /** A sentence each, with the line where there is one. */
  | { readonly ok: false; readonly problems: readonly string[] }

interface Point {
  /** Where it stands, for people: `in line 3`. */
  readonly place: string
  readonly at: Millis
  /** null = missing or negative. */
  readonly value: number | null
  readonly negative: boolean
}

/** A trace from CSV: the columns `timestamp` and `value` (or `mean`, as our own export has it) of its header, or the first two where there are no others or there is no
 *  header. Instants without a zone are UTC. `stepMs` null = the median distance of two lines. Values that are missing, negative or left
 *  out are bridged by a straight line, and told. */
export function readTrace(text: string, stepMs: Millis | null): ReadTrace {
  const lines = linesOf(text)
  const first = cellsOf(lines[0]!)
  const columns = columnsOf(first)
  if (columns === null)
    return {
      ok: false,
      problems: [
        `no column is called value or mean: call the one that is the load so, of ${first.join(', ')}`,
      ],
    }
  const points: Point[] = []
  const problems: string[] = []
  lines.forEach((line, index) => {
    if (line.trim() === '' || (index === 0 && columns.header)) return
    const point = pointOf(cellsOf(line), columns, index + 1)
    if (typeof point === 'string') problems.push(`line ${index + 1}: ${point}`)
    else points.push(point)
  })
  if (problems.length > 0) return { ok: false, problems: firstOf(problems) }
  const known = points.filter(({ value }) => value !== null).length
  if (known < 2) return { ok: false, problems: [`expected at least 2 values, got ${known}`] }
  return traceOf(points, stepMs, 'lines')
}

/** The same from samples, in any order; what is no number is missing. */
export function traceOfSamples(samples: readonly Sample[], stepMs: Millis): ReadTrace {
  const points = samples.map(({ at, value }): Point => {
    const known = Number.isFinite(value) && value >= 0
    const place = `at ${new Date(at).toISOString()}`
    return { place, at, value: known ? value : null, negative: value < 0 }
  })
  const known = points.filter(({ value }) => value !== null).length
  if (known < 2) return { ok: false, problems: [`expected at least 2 values, got ${known}`] }
  return traceOf(points, stepMs, 'samples')
}

interface Columns {
  readonly header: boolean
  readonly time: number
  readonly value: number
}

/** null = several might be meant. */
function columnsOf(first: readonly string[]): Columns | null {
  const names = first.map((name) => name.toLowerCase())
  const time = names.indexOf('timestamp')
  const value = names.includes('value') ? names.indexOf('value') : names.indexOf('mean')
  if (time >= 0 && value >= 0) return { header: true, time, value }
  const header = typeof instantCell(first[0]!) === 'string'
  return header && first.length > 2 ? null : { header, time: 0, value: 1 }
}

/** Text = what is wrong. */
function pointOf(cells: readonly string[], { time, value }: Columns, line: number): Point | string {
  const [atText = '', text = ''] = [cells[time], cells[value]]
  const at = instantCell(atText)
  if (typeof at === 'string') return at
  const place = `in line ${line}`
  if (text === '' || /^(nan|null|na)$/i.test(text)) return { place, at, value: null, negative: false }
  const number = numberCell(text)
  if (typeof number === 'string') return number
  return { place, at, value: number < 0 ? null : number, negative: number < 0 }
}

type Noun = 'lines' | 'samples'

function traceOf(points: readonly Point[], stepMs: Millis | null, noun: Noun): ReadTrace {
  const sorted = points.toSorted((a, b) => a.at - b.at)
  const step = stepMs ?? medianStep(sorted)
  if (step === null) return { ok: false, problems: [`all ${noun} have the same timestamp`] }
  const startAt = sorted[0]!.at
  const count = Math.round((sorted.at(-1)!.at - startAt) / step) + 1
  if (count > MOST_STEPS) {
    const spans = `${formatDuration(sorted.at(-1)!.at - startAt)} in steps of ${formatDuration(step)}`
    return { ok: false, problems: [`${spans} are more than ${MOST_STEPS}; give a longer step`] }
  }
  const { values, filled } = onGrid(sorted, { startAt, step, count })
  const notes = notesOf(points, noun, { filled, step })
  bridge(values, filled)
  return { ok: true, trace: { startAt, stepMs: step, values }, notes }
}

function medianStep(sorted: readonly Point[]): Millis | null {
  const spacings = sorted
    .slice(1)
    .map(({ at }, index) => at - sorted[index]!.at)
    .filter((spacing) => spacing > 0)
    .sort((a, b) => a - b)
  return spacings[spacings.length >> 1] ?? null
}

interface Grid {
  readonly startAt: Millis
  readonly step: Millis
  readonly count: number
}

/** Means of the values that fall into each step, and how many those were. */
function onGrid(sorted: readonly Point[], { startAt, step, count }: Grid) {
  const values = new Float64Array(count)
  const filled = new Uint32Array(count)
  for (const { at, value } of sorted) {
    if (value === null) continue
    const index = Math.min(count - 1, Math.round((at - startAt) / step))
    filled[index]!++
    values[index]! += (value - values[index]!) / filled[index]!
  }
  return { values, filled }
}

/** A straight line over what is not filled; what lies before the first or after the last value is as those. */
function bridge(values: Float64Array, filled: Uint32Array): void {
  let last = -1
  for (let index = 0; index <= values.length; index++) {
    if (index < values.length && filled[index] === 0) continue
    const before = values[last] ?? values[index]!
    const after = values[index] ?? before
    for (let at = last + 1; at < index; at++)
      values[at] = before + ((after - before) * (at - last)) / (index - last)
    last = index
  }
}

function notesOf(
  points: readonly Point[],
  noun: Noun,
  { filled, step }: { readonly filled: Uint32Array; readonly step: Millis },
): string[] {
  const negative = points.filter((point) => point.negative)
  const missing = points.filter((point) => point.value === null && !point.negative)
  const disordered = points.filter(({ at }, index) => index > 0 && at < points[index - 1]!.at)
  const instants = new Set(points.map(({ at }) => at)).size
  const repeated = points.length - instants
  const empty = filled.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0)
  const counted = (some: readonly Point[]) => `${some.length} (first ${some[0]?.place})`
  return [
    ...(negative.length > 0 ? [`negative values, taken as missing: ${counted(negative)}`] : []),
    ...(missing.length > 0 ? [`${noun} without a value: ${counted(missing)}`] : []),
    ...(disordered.length > 0 ? [`${noun} out of order, sorted: ${counted(disordered)}`] : []),
    ...(repeated > 0 ? [`timestamps that repeat, their mean taken: ${repeated}`] : []),
    ...(empty > 0
      ? [
          `steps of ${formatDuration(step)} without a value, bridged by a straight line: ${empty} of ${filled.length}, the longest gap ${formatDuration(longestGap(filled) * step)}`,
        ]
      : []),
  ]
}

function longestGap(filled: Uint32Array): number {
  let [longest, run] = [0, 0]
  for (const count of filled) {
    run = count === 0 ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}
