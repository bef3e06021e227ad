import * as z from 'zod'
import {
  bandwidthForm,
  choiceForm,
  durationForm,
  type Form,
  type JsonSchema,
  listForm,
  mappingForm,
  shareForm,
  sizeForm,
  textForm,
  textOrListForm,
  wholeForm,
  YES_NO,
} from '../core/form.ts'
import { parseBytes, parseDuration, parseQuantity } from '../core/units.ts'
import { didYouMean } from './suggest.ts'

/** The range that a number should be in, as a user would write it, and what happens outside it: a clause that could follow
 *  "below that" and "above that". Default values are in it. */
export interface Advice {
  readonly least?: string | number
  readonly below?: string
  readonly most?: string | number
  readonly above?: string
}
/** What the reference says of a key, beside its default. */
export interface About {
  readonly help: string
  /** As a user would write it. */
  readonly default?: string | number | boolean
  readonly advice?: Advice
  /** What to go on with when the key is missing or wrong, so that the rest of its section is looked at too. */
  readonly standIn?: unknown
}
/** A form, and what ends the sentence "expected": `a duration such as 30s`. */
export interface Kind extends Form {
  readonly expects: string
}
export interface FieldMeta extends About, Kind {
  /** The advice in the unit of the value; endless where it has no end. */
  readonly advised: { readonly least: number; readonly most: number } | null
}
/** What an issue of a field carries. */
export interface FieldParams {
  readonly suggestion: string
  readonly standIn: StandIn | null
}

/** A value that a field takes without looking. */
export class StandIn {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

type Raw = string | number | boolean | null | object

/** One key: `read` gives undefined for what it cannot take; the message is made from `expects`. */
export function field<T>(
  kind: Kind,
  read: (raw: Raw) => T | undefined,
  about: About,
  suggest: (raw: unknown) => string = () => '',
): z.ZodType<T> {
  const schema = z.unknown().transform((raw, context): T => {
    if (raw instanceof StandIn) return raw.value as T
    const value = raw === undefined ? undefined : read(raw as Raw)
    if (value !== undefined) return value
    const params: FieldParams = {
      suggestion: raw === undefined ? '' : suggest(raw),
      standIn: about.standIn === undefined ? null : new StandIn(about.standIn),
    }
    context.addIssue({ code: 'custom', message: kind.expects, params: { ...params } })
    return z.NEVER
  })
  const meta: FieldMeta = { ...about, ...kind, advised: advisedBy(about.advice, read) }
  // Meta on the outermost schema: `optional` and `prefault` hide what is inside from the reference.
  return about.default === undefined
    ? schema.meta({ ...meta })
    : schema.prefault(about.default).meta({ ...meta })
}

function advisedBy(advice: Advice | undefined, read: (raw: Raw) => unknown): FieldMeta['advised'] {
  if (!advice) return null
  const { least, most } = advice
  return {
    least: least === undefined ? Number.NEGATIVE_INFINITY : Number(read(least)),
    most: most === undefined ? Number.POSITIVE_INFINITY : Number(read(most)),
  }
}

interface DurationRange {
  readonly min?: string
  readonly max?: string
}
const LONGEST = '24h'

/** In ms. */
export function duration(about: About, range: DurationRange = {}): z.ZodType<number> {
  const { min = '0', max = LONGEST } = range
  const from = parseDuration(min) ?? 0
  const to = parseDuration(max) ?? 0
  const bounds = range.min === undefined ? `of at most ${max}` : `from ${min} to ${max}`
  const kind = { ...durationForm(`${min} to ${max}`), expects: `a duration such as 30s, ${bounds}` }
  return field(kind, (raw) => durationOf(raw, from, to), about)
}

/** A duration or a word that stands for null. */
export function durationOr(word: string, about: About): z.ZodType<number | null> {
  const longest = parseDuration(LONGEST) ?? 0
  const kind = {
    ...durationForm(`0 to ${LONGEST}`, word),
    expects: `a duration such as 30s, of at most ${LONGEST}, or ${word}`,
  }
  return field(kind, (raw) => (raw === word ? null : durationOf(raw, 0, longest)), about)
}

function durationOf(raw: Raw, from: number, to: number): number | undefined {
  const ms = typeof raw === 'string' || raw === 0 ? parseDuration(String(raw)) : null
  return ms !== null && ms >= from && ms <= to ? ms : undefined
}

/** In bytes; `min` and `max` as a user writes them. */
export function bytes(about: About, min: string, max: string): z.ZodType<number> {
  const [from = 0, to = 0] = [parseBytes(min) ?? 0, parseBytes(max) ?? 0]
  const read = (raw: Raw) => {
    const size = typeof raw === 'string' ? parseBytes(raw) : null
    return size !== null && Number.isInteger(size) && size >= from && size <= to ? size : undefined
  }
  const kind = { ...sizeForm(`${min} to ${max}`), expects: `a size such as 32KiB, from ${min} to ${max}` }
  return field(kind, read, about)
}

/** In bits a second. */
export function bitRate(about: About): z.ZodType<number> {
  const read = (raw: Raw) => {
    const rate = typeof raw === 'string' ? parseQuantity(raw, 'bits-per-second') : null
    return rate !== null && rate > 0 ? rate : undefined
  }
  return field({ ...bandwidthForm(), expects: 'a bandwidth such as 500Mbps or 1Gbps' }, read, about)
}

/** Digits in text count too, so that a number can come from `${env:NAME}`. */
export function wholeOf(raw: unknown): number | undefined {
  if (typeof raw === 'string' && /^\d{1,15}$/.test(raw)) return Number(raw)
  return typeof raw === 'number' && Number.isSafeInteger(raw) ? raw : undefined
}

export function whole(about: About, min: number, max: number): z.ZodType<number> {
  const read = (raw: Raw) => {
    const value = wholeOf(raw)
    return value !== undefined && value >= min && value <= max ? value : undefined
  }
  return field({ ...wholeForm(min, max), expects: `a whole number from ${min} to ${max}` }, read, about)
}

/** A whole number or a word that stands for null. */
export function wholeOr(
  word: string,
  about: About,
  { min, max }: { readonly min: number; readonly max: number },
): z.ZodType<number | null> {
  const form = wholeForm(min, max)
  const kind = {
    type: `whole number or \`${word}\``,
    allowed: form.allowed,
    expects: `a whole number from ${min} to ${max}, or ${word}`,
    schema: { anyOf: [{ const: word }, form.schema] },
  }
  const read = (raw: Raw) => {
    if (raw === word) return null
    const value = wholeOf(raw)
    return value !== undefined && value >= min && value <= max ? value : undefined
  }
  return field(kind, read, about)
}

/** `50%` as 0.5. */
export function percent(about: About): z.ZodType<number> {
  const read = (raw: Raw) => {
    const match = typeof raw === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(raw.trim()) : null
    const ratio = match ? Number(match[1]) / 100 : Number.NaN
    return ratio <= 1 ? ratio : undefined
  }
  return field({ ...shareForm(), expects: 'a share from 0% to 100%' }, read, about)
}

/** One of these words. `known` says more of some that are none of them. */
export function choice<const T extends string>(
  words: readonly T[],
  about: About,
  known: Readonly<Record<string, string>> = {},
): z.ZodType<T> {
  const list = words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  return field(
    { ...choiceForm(words), expects: list },
    (raw) => words.find((word) => word === raw),
    about,
    (raw) => (typeof raw === 'string' ? (known[raw] ?? didYouMean(raw, words)) : ''),
  )
}

export function yesNo(about: About): z.ZodType<boolean> {
  const kind = { ...YES_NO, expects: 'true or false' }
  return field(kind, (raw) => (typeof raw === 'boolean' ? raw : undefined), about)
}

/** Text in the form of a pattern. */
export function text(expects: string, pattern: RegExp, about: About): z.ZodType<string> {
  const kind = { ...textForm(expects, pattern), expects }
  return field(kind, (raw) => (typeof raw === 'string' && pattern.test(raw) ? raw : undefined), about)
}

/** One piece of text or a list of them. */
export function textOrList(expects: string, about: About): z.ZodType<string | readonly string[]> {
  const read = (raw: Raw) => {
    if (typeof raw === 'string' && raw !== '') return raw
    const list = Array.isArray(raw) ? raw : []
    return list.length > 0 && list.every((item) => typeof item === 'string') ? (list as string[]) : undefined
  }
  return field({ ...textOrListForm(expects), expects }, read, about)
}

/** A list whose items are read one by one by another schema. */
export function list(expects: string, about: About): z.ZodType<readonly unknown[]> {
  const kind = { ...listForm(expects), expects }
  return field(kind, (raw) => (Array.isArray(raw) ? (raw as unknown[]) : undefined), about)
}

/** A mapping of names to values that are read one by one. `values` is what editors take of them. */
export function mapping(expects: string, values: JsonSchema, about: About): z.ZodType<Entries> {
  const kind = { ...mappingForm(expects, values), expects }
  const read = (raw: Raw) => {
    const isMapping = typeof raw === 'object' && raw !== null && !Array.isArray(raw)
    return isMapping && Object.keys(raw).length > 0 ? (raw as Entries) : undefined
  }
  return field(kind, read, about)
}

type Entries = Readonly<Record<string, unknown>>

/** A mapping with these keys and no others; as a key of another it may be left out. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).prefault({} as z.input<z.ZodObject<Shape>>)
}
