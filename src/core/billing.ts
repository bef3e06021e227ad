import { mbitHourly, TRAFFIC_GB } from './clb-price.ts'
import type { Millis } from './time.ts'

const BITS_A_MBIT = 1e6
const BITS_A_GB = 8e9
const MONTH_HOURS = 730
const HOUR_SECONDS = 3600

/** What a month of traffic costs by each way of paying for it, in yuan. What is the same in both, the instance itself, is in neither. */
export interface Billing {
  readonly meanMbit: number
  /** The highest mean of a step. */
  readonly peakMbit: number
  readonly byTraffic: { readonly gb: number; readonly cost: number }
  readonly byBandwidth: { readonly mbit: number; readonly cost: number }
  readonly cheaper: 'traffic' | 'bandwidth'
  /** The mean may be such a share of the bandwidth that is bought, 0 to 1, until both cost the same. */
  readonly evenAt: number
}

/** By bits a second over time, and how much more than the peak is bought (0.2 = a fifth). The bandwidth is whole Mbit/s, bought for all of the
 *  time: a step that is shorter shows higher peaks. */
export function billingOf(
  { values }: { readonly stepMs: Millis; readonly values: Float64Array },
  headroom: number,
): Billing {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const peak = values.reduce((most, value) => Math.max(most, value), 0)
  const mbit = Math.max(1, Math.ceil(((1 + headroom) * peak) / BITS_A_MBIT - 1e-9))
  const gb = (mean * HOUR_SECONDS * MONTH_HOURS) / BITS_A_GB
  const byTraffic = { gb, cost: gb * TRAFFIC_GB }
  const byBandwidth = { mbit, cost: mbitHourly(mbit) * MONTH_HOURS }
  const full = (mbit * BITS_A_MBIT * HOUR_SECONDS * MONTH_HOURS * TRAFFIC_GB) / BITS_A_GB
  return {
    meanMbit: mean / BITS_A_MBIT,
    peakMbit: peak / BITS_A_MBIT,
    byTraffic,
    byBandwidth,
    cheaper: byTraffic.cost <= byBandwidth.cost ? 'traffic' : 'bandwidth',
    evenAt: byBandwidth.cost / full,
  }
}
