import { type Watts, zonedHour } from './cost.ts'
import { wattsAt, wattsOf } from './energy.ts'
import { sum } from './sums.ts'
import type { Millis } from './time.ts'

const GRAMS_A_TONNE = 1e6

/** Grams of CO2 equivalent that a kWh makes, for each hour of the day from midnight on: 24 of them. */
export type Intensities = readonly number[]

/** What the power of a fleet does to the air, as its file says: nobody else knows where that power comes from. */
export interface CarbonSpec {
  /** null = only `zones` tell. */
  readonly everywhere: Intensities | null
  /** By zone, as drivers name it. */
  readonly zones: Readonly<Record<string, Intensities>>
  /** What a tonne counts for where there is a choice, in the fleet's currency; 0 = it only tells equals apart. */
  readonly perTonne: number
}

/** What it takes to reckon the carbon of a server. */
export interface CarbonRates {
  readonly carbon: CarbonSpec
  /** As the file has them; null = by type. */
  readonly watts: Watts | null
  /** Whose hours. */
  readonly timezone: string
}

/** What there is to say against an hour of a server. */
export interface Dearness {
  /** With what its carbon counts for. */
  readonly price: number
  readonly grams: number
}

type Standing = { readonly type?: string | undefined; readonly zone?: string | undefined }

/** Grams that any server makes in an hour at that time; null = nobody knows its power, or where that comes from.
 *  `cpu`: the share that is used, null = not measured. */
export function gramsAt(
  { carbon, watts, timezone }: CarbonRates,
  at: Millis,
  cpu: number | null,
): (server: Standing) => number | null {
  const hour = zonedHour(at, timezone)
  return ({ type, zone }) => {
    const drawn = wattsOf(type, watts)
    const intensity = intensityIn(carbon, zone)?.[hour]
    return drawn === null || intensity === undefined ? null : (wattsAt(drawn, cpu) / 1000) * intensity
  }
}

/** What the file says of a zone; null = nothing. */
export function intensityIn({ everywhere, zones }: CarbonSpec, zone: string | undefined): Intensities | null {
  const own = zone !== undefined && Object.hasOwn(zones, zone) ? zones[zone]! : null
  return own ?? everywhere
}

export function dearness(price: number, grams: number, { perTonne }: Pick<CarbonSpec, 'perTonne'>): Dearness {
  return { price: price + (grams * perTonne) / GRAMS_A_TONNE, grams }
}

/** Of `all` between which there is a choice: one whose carbon nobody knows is taken for the mean of the others, for it is no merit to be unknown. */
export function usualWhereUnknown<T>(
  all: readonly T[],
  gramsOf: (one: T) => number | null,
): (one: T) => number {
  const known = all.flatMap((one) => gramsOf(one) ?? [])
  const usual = sum(known) / Math.max(1, known.length)
  return (one) => gramsOf(one) ?? usual
}

/** Cheapest first; of two at one price that which makes less carbon. */
export function byDearness(a: Dearness, b: Dearness): number {
  return a.price - b.price || a.grams - b.grams
}
