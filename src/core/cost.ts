import type { Server } from './fleet.ts'
import type { Millis } from './time.ts'

const HOUR_MS: Millis = 3_600_000
/** What less costs says nothing of a day or a month: servers that have just come are much of it. */
const LEAST_MS: Millis = HOUR_MS

/** What servers of a fleet cost, as its file says. Amounts are of `currency`. */
export interface PriceSpec {
  /** For people; the sums are the same in any. */
  readonly currency: string
  /** A server for an hour; null = only what `types` and the driver say is known. */
  readonly perHour: number | null
  /** The same by type. */
  readonly types: Readonly<Record<string, number>>
  /** What a spot server costs of that, 0 to 1. */
  readonly spotRatio: number
  /** When another rate holds; null = never. */
  readonly night: { readonly fromHour: number; readonly untilHour: number; readonly factor: number } | null
  /** Whose hours, days and months. */
  readonly timezone: string
}

/** Of a fleet that says nothing of prices. */
export const NO_PRICE: PriceSpec = {
  currency: 'CNY',
  perHour: null,
  types: {},
  spotRatio: 1,
  night: null,
  timezone: 'UTC',
}

/** What a fleet may cost. */
export interface BudgetSpec {
  readonly per: 'day' | 'month'
  readonly amount: number
}

/** What a server draws when it does nothing, and when it does all it can. */
export interface Watts {
  readonly idle: number
  readonly peak: number
}

/** What a fleet has cost since Tidegate first looked at it. Bounded. */
export interface Spend {
  /** Servers are paid for until then. */
  readonly chargedAt: Millis
  readonly sinceAt: Millis
  /** Of the amounts; absent in what older versions wrote: that of the file. */
  readonly currency?: string
  /** Before another currency was written, the newest first: amounts begin anew then, for nobody adds up two currencies. */
  readonly former?: readonly EndedSpend[]
  readonly total: number
  readonly serverHours: number
  readonly wattHours: number
  /** Of CO2 equivalent; absent where nobody has known any. */
  readonly grams?: number
  readonly day: Period
  readonly month: Period
  /** By the hour, oldest first: the last 25 at most. */
  readonly hours: readonly Period[]
  /** What the second of `chargedAt` has added so far; absent in what older versions wrote. */
  readonly second?: Added
}

/** What was spent until the file had another currency. */
export interface FormerSpend {
  readonly currency: string
  readonly total: number
  readonly untilAt: Millis
}

/** With what goes on when the file has that currency again; absent in what older versions wrote, and of one that has gone on. */
export interface EndedSpend extends FormerSpend {
  readonly day?: Period
  readonly month?: Period
}

export interface Added extends Period {
  readonly serverHours: number
  readonly wattHours: number
  readonly grams?: number
}

export interface Period {
  readonly startAt: Millis
  readonly amount: number
}

/** What a fleet costs and has cost, for people. Amounts are of `currency`; null = no price is known. */
export interface CostStatus {
  readonly currency: string
  /** A server, and all there are, for an hour. */
  readonly each: number | null
  readonly perHour: number | null
  /** Servers whose price nobody knows: they are in none of the sums. */
  readonly unpriced: number
  readonly sinceAt: Millis
  readonly total: number
  readonly former: readonly FormerSpend[]
  readonly today: number
  readonly thisMonth: number
  /** By the end of the month, when it goes on as in the last 24 hours; null = too little of them is known. */
  readonly byMonthEnd: number | null
  /** So much of the last 24 hours is known. */
  readonly usualFromMs: Millis
  readonly serverHours: number
  /** null = nobody knows what its servers draw. */
  readonly kilowattHours: number | null
  /** Grams of CO2 equivalent; null = nobody knows where that power comes from. */
  readonly carbonGrams: number | null
  readonly budget: (BudgetSpec & BudgetView) | null
}

/** What a fleet has cost over a time, beside what others would have. Amounts are of `currency`; null = it cannot be told. */
export interface CostReport {
  readonly fleet: string
  readonly currency: string
  readonly fromAt: Millis
  readonly toAt: Millis
  /** So much of that time the history knows of. */
  readonly knownMs: Millis
  readonly cost: number | null
  /** Those that were paid for: draining ones, a reserve and a replacement's surge among them. */
  readonly serverHours: number
  /** The mean price of a server-hour in that time. */
  readonly each: number | null
  readonly kilowattHours: number | null
  /** Grams of CO2 equivalent that this made. */
  readonly carbonGrams: number | null
  /** As many servers all the time as its highest load needs at the target of its policy; where no policy has one, as many as there were most. */
  readonly fixed: Alternative & { readonly servers: number; readonly by: 'target' | 'most' }
  /** Nobody could have paid less who keeps to the target: the load is known in advance, and every start is paid. null = no policy has a target,
   *  or there is no load. */
  readonly least: Alternative | null
  /** Server-hours above the median number of servers of that time. */
  readonly bursts: Alternative & { readonly usual: number }
}

export interface Alternative {
  readonly serverHours: number
  readonly cost: number | null
}

/** What a fleet costs, as decisions see it. */
export interface FleetCost {
  /** A server for an hour: the mean of those there are; where there is none, what the file says; null = no price is known. */
  readonly each: number | null
  /** All that there are, for an hour. */
  readonly perHour: number
  /** null = none is set. */
  readonly budget: BudgetView | null
}

export interface BudgetView {
  /** Since the day or month began. */
  readonly spent: number
  /** By its end, when it goes on as in the last 24 hours; null = too little of them is known. */
  readonly expected: number | null
  readonly endAt: Millis
  /** Servers there were when it ran out, less those that were let go since: so many may be there. null = it has not. */
  readonly held: number | null
}

/** The price of any server at that instant; null = nobody knows it. What a driver knows counts before what the file says. */
export function pricesAt(spec: PriceSpec, at: Millis): (server: Priced) => number | null {
  const factor = isNight(spec, at) ? spec.night!.factor : 1
  return ({ price, type, spot }) => {
    if (price !== undefined) return price
    const listed = (type === undefined ? undefined : spec.types[type]) ?? spec.perHour
    return listed === null ? null : listed * factor * (spot ? spec.spotRatio : 1)
  }
}

type Priced = Pick<Server, 'price' | 'type' | 'spot'>

/** A server for an hour, over whole days; null = the file does not say. */
export function meanPrice({ perHour, types, night }: PriceSpec): number | null {
  const listed = perHour ?? Object.values(types)[0] ?? null
  if (listed === null || night === null) return listed
  const nightHours = (night.untilHour - night.fromHour + 24) % 24
  return (listed * (24 - nightHours + nightHours * night.factor)) / 24
}

/** A night may pass midnight. */
function isNight({ night, timezone }: PriceSpec, at: Millis): boolean {
  if (night === null) return false
  const hour = zonedHour(at, timezone)
  const { fromHour, untilHour } = night
  return fromHour < untilHour ? hour >= fromHour && hour < untilHour : hour >= fromHour || hour < untilHour
}

interface Span {
  readonly startAt: Millis
  readonly endAt: Millis
}

/** The last of each kind and zone: a calendar is slow, and every tick asks. At most three a zone of the file. */
const SPANS = new Map<string, Span>()
const HOURS = new Map<string, Span & { readonly hour: number }>()

/** The hour of the day, 0 to 23, by the clocks of that zone. */
export function zonedHour(at: Millis, timezone: string): number {
  const known = HOURS.get(timezone)
  if (known !== undefined && at >= known.startAt && at < known.endAt) return known.hour
  const start = zoned(at, timezone).round({ smallestUnit: 'hour', roundingMode: 'floor' })
  const startAt = start.epochMilliseconds
  HOURS.set(timezone, { startAt, endAt: startAt + HOUR_MS, hour: start.hour })
  return start.hour
}

/** The day or month that an instant is in, by the clocks of that zone. */
export function spanOf(per: BudgetSpec['per'], at: Millis, timezone: string): Span {
  const name = `${per} ${timezone}`
  const known = SPANS.get(name)
  if (known !== undefined && at >= known.startAt && at < known.endAt) return known
  const span = newSpan(per, at, timezone)
  SPANS.set(name, span)
  return span
}

function newSpan(per: BudgetSpec['per'], at: Millis, timezone: string): Span {
  const time = zoned(at, timezone)
  const start = (per === 'day' ? time : time.with({ day: 1 })).startOfDay()
  const end = start.add(per === 'day' ? { days: 1 } : { months: 1 }).startOfDay()
  return { startAt: start.epochMilliseconds, endAt: end.epochMilliseconds }
}

function zoned(at: Millis, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timezone)
}

/** The currency that amounts were in just before `at`, and since when. */
export function currencyBefore(
  at: Millis,
  currency: string,
  former: readonly FormerSpend[],
): { readonly currency: string; readonly sinceAt: Millis } {
  const sinceAt = (index: number) => former[index]?.untilAt ?? 0
  const index = former.findLastIndex(({ untilAt }) => at <= untilAt)
  return { currency: former[index]?.currency ?? currency, sinceAt: sinceAt(index + 1) }
}

/** How much of the last 24 hours is known. */
export function usualFromMs({ hours, chargedAt, sinceAt, former }: Spend): Millis {
  return chargedAt - Math.max(hours[0]?.startAt ?? chargedAt, former?.[0]?.untilAt ?? sinceAt)
}

/** What an hour has cost in the last 24, as far as they are known; null = nothing of them is. */
export function usualPerHour(spend: Spend): number | null {
  const knownMs = usualFromMs(spend)
  return knownMs > 0 ? (spend.hours.reduce((sum, hour) => sum + hour.amount, 0) * HOUR_MS) / knownMs : null
}

/** What this and what is to come cost until `endAt`, when it goes on as in the last 24 hours; null = too little of them is known. */
export function expectedBy(endAt: Millis, spent: number, spend: Spend | null): number | null {
  if (spend === null || usualFromMs(spend) < LEAST_MS) return null
  return spent + (usualPerHour(spend)! * Math.max(0, endAt - spend.chargedAt)) / HOUR_MS
}
