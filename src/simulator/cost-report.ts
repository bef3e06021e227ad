import type { Alternative, CostReport } from '../core/cost.ts'
import { sum } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'
import { roundUp } from '../scaling/round.ts'
import { clairvoyantCost } from './rivals/clairvoyant.ts'

const HOUR_MS: Millis = 3_600_000
/** A tick may be late, and a restart takes its time. */
const GAP_MS: Millis = 60_000

/** What a history knows of a fleet, by steps; a step that is not known is NaN. */
export interface CostSeries {
  readonly stepMs: Millis
  /** How many servers there were. */
  readonly have: Float64Array
  /** What was spent, in amounts, Wh and grams; a step without any is 0. */
  readonly cost: Float64Array
  readonly energy: Float64Array
  readonly carbon: Float64Array
  /** Server-hours that were paid for; NaN in what older versions wrote. */
  readonly paidHours: Float64Array
  /** The load of all together, and what one may carry; null = no policy has a target. */
  readonly load: { readonly means: Float64Array; readonly target: number } | null
  readonly min: number
  readonly startupMs: Millis
}

type Sums = Pick<
  CostReport,
  'knownMs' | 'cost' | 'serverHours' | 'each' | 'kilowattHours' | 'carbonGrams' | 'fixed' | 'least' | 'bursts'
>

/** What it has cost, and what others would have: over the steps of which the number of servers is known. Pure. */
export function compareCosts(series: CostSeries): Sums {
  const { stepMs } = series
  const have = carried(series)
  const known = have.filter((servers) => !Number.isNaN(servers))
  const stepHours = stepMs / HOUR_MS
  const seen = series.paidHours.every(Number.isNaN) ? have : series.have
  const serverHours = sum(series.paidHours.map((hours, step) => paidIn(hours, seen[step]! * stepHours)))
  const cost = sum(series.cost)
  const each = cost > 0 && serverHours > 0 ? cost / serverHours : null
  const priced = (hours: number): Alternative => ({
    serverHours: hours,
    cost: each === null ? null : hours * each,
  })
  const needs = needsOf({ ...series, have })
  const most = known.reduce((peak, servers) => Math.max(peak, Math.ceil(servers)), 0)
  const servers = needs === null ? most : needs.reduce((peak, need) => Math.max(peak, need), 0)
  const usual = median(known)
  const above = sum(known.map((count) => Math.max(0, count - usual)))
  const watts = sum(series.energy)
  const grams = sum(series.carbon)
  const fixedHours = servers * known.length * stepHours
  return {
    knownMs: known.length * stepMs,
    cost: cost > 0 ? cost : null,
    serverHours,
    each,
    kilowattHours: watts > 0 ? watts / 1000 : null,
    carbonGrams: grams > 0 ? grams : null,
    fixed: {
      servers,
      by: needs === null ? 'most' : 'target',
      ...priced(fixedHours),
    },
    // Who knows that starts are dearer than staying has a fixed fleet.
    least:
      needs === null
        ? null
        : priced(Math.min(fixedHours, clairvoyantCost(needs, series.startupMs / stepMs) * stepHours)),
    bursts: { usual, ...priced(above * stepHours) },
  }
}

/** Servers between two ticks are those of the first, and known for that long. */
function carried({ have, stepMs }: CostSeries): Float64Array {
  let knownStep = -1
  return have.map((servers, step) => {
    if (!Number.isNaN(servers)) knownStep = step
    return knownStep >= 0 && (step - knownStep) * stepMs < GAP_MS ? have[knownStep]! : Number.NaN
  })
}

/** What was paid for, else what was there, as far as either is known. */
function paidIn(paidHours: number, haveHours: number): number {
  if (!Number.isNaN(paidHours)) return paidHours
  return Number.isNaN(haveHours) ? 0 : haveHours
}

/** Servers that each known step needs; while the load is not known, as many as before. */
function needsOf({ load, have, min }: CostSeries): Uint32Array | null {
  if (load === null || load.means.every(Number.isNaN)) return null
  let need = min
  const needs: number[] = []
  have.forEach((servers, step) => {
    const mean = load.means[step]!
    if (!Number.isNaN(mean)) need = Math.max(min, roundUp(mean / load.target))
    if (!Number.isNaN(servers)) needs.push(need)
  })
  return Uint32Array.from(needs)
}

function median(values: Float64Array): number {
  const sorted = values.toSorted()
  return sorted.length === 0 ? 0 : sorted[Math.floor((sorted.length - 1) / 2)]!
}
