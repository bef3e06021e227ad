import type { RangeAsk } from '../../app/history-import.ts'
import type { HistoryDesk, HistoryPoint, HistoryReading } from '../../core/history.ts'
import { formatCsv } from '../../core/history-csv.ts'
import { INSTANT, parseInstant } from '../../core/instant.ts'
import type { Sample } from '../../core/metrics.ts'
import type { Clock, Millis } from '../../core/time.ts'
import { formatDuration, formatValue } from '../../core/units.ts'
import type { Say } from '../../words/translate.ts'
import { CliError } from '../errors.ts'
import { momentOf } from '../format.ts'
import type { Output } from '../output.ts'
import { table } from '../table.ts'

const DEFAULT_BACK_MS = 3_600_000

/** What another program has of a metric: of a Prometheus, where the configuration may say which and what to ask it. */
export type ReadRange = (ask: RangeAsk) => Promise<readonly Sample[]>

/** What is known of the past. */
export interface Past {
  /** Lends the history. */
  readonly withDesk: <T>(run: (desk: HistoryDesk) => Promise<T>) => Promise<T>
  readonly readRange: ReadRange
}

export interface HistoryContext {
  readonly desk: HistoryDesk
  readonly readRange: ReadRange
  readonly out: Output
  readonly json: boolean
  readonly clock: Clock
}

export interface HistoryRange {
  readonly from?: string
  readonly to?: string
  /** ms */
  readonly step?: Millis
}

/** `tidegate history`: every series there is, or those of one fleet. */
export async function historyList(
  { desk, out, json, clock }: HistoryContext,
  fleet: string | undefined,
): Promise<number> {
  const all = await desk.series()
  const items = all.filter((series) => fleet === undefined || series.fleet === fleet)
  const now = clock.now()
  // Throws where there is no such fleet, which is not the same as one without a past.
  if (items.length === 0 && fleet !== undefined)
    await desk.read({ fleet, metric: 'have', fromAt: now - 1000, toAt: now, stepMs: null })
  if (json) out.json({ items, next: null })
  else for (const series of items) out.quote(`${series.fleet} ${series.metric}`)
  if (items.length === 0)
    out.note(fleet === undefined ? 'there is no history yet' : `there is no history of ${fleet}`)
  return 0
}

/** `tidegate history FLEET METRIC`: a metric over time, a line a step. */
export async function history(
  { desk, out, json, clock }: HistoryContext,
  series: { readonly fleet: string; readonly metric: string },
  { csv, ...range }: HistoryRange & { readonly csv: boolean },
): Promise<number> {
  const { fromAt, toAt } = rangeOf(range, clock.now())
  const reading = await desk.read({ ...series, fromAt, toAt, stepMs: range.step ?? null })
  if (json) {
    const { points, ...about } = reading
    out.json({ ...about, items: points, next: null })
  } else {
    for (const line of csv ? formatCsv(reading.points) : lines(reading, out.say)) out.quote(line)
    if (reading.points.length === 0) out.note('there are no points in this range')
  }
  return 0
}

interface Range {
  readonly fromAt: Millis
  readonly toAt: Millis
}

/** The last hour where nothing else is said. */
export function rangeOf({ from, to }: HistoryRange, now: Millis): Range {
  const toAt = to === undefined ? now : instantOf('--to', to, now)
  const fromAt = from === undefined ? toAt - DEFAULT_BACK_MS : instantOf('--from', from, now)
  return inOrder({ fromAt, toAt }, '--from', '--to')
}

interface Since {
  readonly since: string
  readonly until?: string | undefined
}

/** The same of commands whose options are called so. */
export function rangeSince({ since, until }: Since, now: Millis): Range {
  const fromAt = instantOf('--since', since, now)
  const toAt = until === undefined ? now : instantOf('--until', until, now)
  return inOrder({ fromAt, toAt }, '--since', until === undefined ? 'now' : '--until')
}

/** Throws CliError for a time that ends before it begins. */
function inOrder(range: Range, from: string, to: string): Range {
  if (range.fromAt < range.toAt) return range
  throw new CliError(`${from} must lie before ${to}`, 2)
}

/** Throws CliError that names the option. */
function instantOf(option: string, text: string, now: Millis): Millis {
  const at = parseInstant(text, now)
  if (at === null) throw new CliError(`${option}: expected ${INSTANT}, got "${text}"`, 2)
  return at
}

function lines({ points, unit, stepMs }: HistoryReading, say: Say): string[] {
  const show = (value: number) => (unit === null ? String(value) : formatValue(value, unit))
  const rows = points.flatMap((point, index) => {
    const { at, min, mean, max, p95, count } = point
    const row = [momentOf(at), show(min), show(mean), show(max), show(p95), String(count)]
    return [...gapBefore(point, points[index - 1], stepMs).map((gap) => gap.map(say)), row]
  })
  return table(['TIME', '>MIN', '>MEAN', '>MAX', '>P95', '>SAMPLES'], rows, say)
}

function gapBefore({ at }: HistoryPoint, before: HistoryPoint | undefined, stepMs: Millis): string[][] {
  const gapMs = before === undefined ? 0 : at - before.at - stepMs
  return gapMs > 0 ? [[`no samples for ${formatDuration(gapMs)}`]] : []
}
