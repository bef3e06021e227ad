/** Which times a cron expression names. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  /** From 1. */
  readonly months: ReadonlySet<number>
  /** Sunday is 0. */
  readonly weekdays: ReadonlySet<number>
  /** A `*`: only the other one of days and weekdays counts. When both are named, either will do. */
  readonly everyDay: boolean
  readonly everyWeekday: boolean
  /** No `*` and no step in minutes and hours; see Calendar for what that means when clocks change. */
  readonly named: boolean
}

export type ParsedCron =
  | { readonly ok: true; readonly fields: CronFields }
  | { readonly ok: false; readonly message: string /** From 1. */; readonly column: number }

interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  /** The first stands for `min`. */
  readonly words?: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'weekday', min: 0, max: 7, words: WEEKDAYS },
]
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Reads the five fields of cron as crontab(5) has them: numbers, three-letter names, lists, ranges, steps after `*` or a range. Also
 *  refused is what can never come, such as 31 February. */
export function parseCron(text: string): ParsedCron {
  const parts = [...text.matchAll(/\S+/g)]
  if (parts.length !== FIELDS.length) {
    const more = parts.length === 6 ? ' (there are no seconds)' : ''
    const message = `expected five fields, minute hour day month weekday, got ${parts.length}${more}`
    return { ok: false, message, column: 1 }
  }
  const values: ReadonlySet<number>[] = []
  for (const [index, part] of parts.entries()) {
    const read = readField(FIELDS[index]!, part[0])
    if (!read.ok) return { ...read, column: part.index + read.column }
    values.push(read.values)
  }
  const [minute = '', hour = '', day, , weekday] = parts.map(([field]) => field)
  const [minutes, hours, days, months, weekdays] = values as FiveSets
  const fields = {
    minutes,
    hours,
    days,
    months,
    weekdays: new Set([...weekdays].map((number) => number % 7)),
    everyDay: day === '*',
    everyWeekday: weekday === '*',
    named: !/[*/]/.test(minute + hour),
  }
  return comes(fields)
    ? { ok: true, fields }
    : {
        ok: false,
        message: 'it never comes: no month that it names has such a day',
        column: parts[2]!.index + 1,
      }
}

type FiveSets = [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>]
type ReadField =
  | { readonly ok: true; readonly values: ReadonlySet<number> }
  | { readonly ok: false; readonly message: string; readonly column: number }

function readField(field: Field, text: string): ReadField {
  const values = new Set<number>()
  let column = 1
  for (const item of text.split(',')) {
    const range = readItem(field, item)
    if (typeof range === 'string') return { ok: false, message: range, column }
    for (let value = range.from; value <= range.to; value += range.step) values.add(value)
    column += item.length + 1
  }
  return { ok: true, values }
}

/** One item of a list, or what is wrong with it. */
function readItem(field: Field, item: string): { from: number; to: number; step: number } | string {
  const { name, min, max } = field
  const match = /^(?:\*|([^-/*]+)(?:-([^-/*]+))?)(?:\/(\d+))?$/.exec(item)
  if (!match)
    return `${JSON.stringify(item)} is no ${name}; expected ${takes(field)}, a range such as ${min}-${max}, * or */2`
  const [, first, last, every] = match
  if (first !== undefined && last === undefined && every !== undefined)
    return `a step follows * or a range: ${first}-${max}/${every}`
  const from = first === undefined ? min : numberOf(field, first)
  const to = last === undefined ? (first === undefined ? max : from) : numberOf(field, last, from)
  if (from === null || to === null)
    return `expected ${takes(field)} as ${name}, got ${from === null ? first : last}`
  if (from > to) return `the range ${item} goes backwards; expected ${to}-${from}, or two ranges`
  const step = every === undefined ? 1 : Number(every)
  if (step < 1 || step > max) return `expected a step from 1 to ${max}, got ${every}`
  return { from, to, step }
}

/** A Sunday that ends a range is the seventh day. */
function numberOf({ min, max, words = [] }: Field, text: string, after: number | null = null): number | null {
  const word = words.indexOf(text.toLowerCase())
  if (word === 0 && max === 7 && after !== null) return 7
  if (word >= 0) return word + min
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : null
}

function takes({ min, max, words }: Field): string {
  return `${min} to ${max}${words ? ` or ${words[0]} to ${words.at(-1)}` : ''}`
}

/** With a weekday named, every month has such days. */
function comes({ days, months, everyWeekday }: CronFields): boolean {
  return (
    !everyWeekday || [...months].some((month) => [...days].some((day) => day <= LONGEST_MONTHS[month - 1]!))
  )
}
