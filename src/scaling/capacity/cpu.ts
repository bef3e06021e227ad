import type { Estimate } from '../../core/learned.ts'
import { sum } from '../../core/sums.ts'
import type { Bin } from './bins.ts'

/** A CPU that is full says no more of the rate; one that idles is busy with other things. */
const [LEAST_CPU, MOST_CPU] = [0.02, 0.9]
const FEWEST_BINS = 4
/** The busiest bin has so much of its CPU in use at least, or the line would reach too far. */
const FAR_ENOUGH = 0.3
const LEAST_NOISE = 0.01
const Z = 1.96

/** The rate at which the CPU is full, by the utilization law (Denning and Buzen, "The operational analysis of queueing network models",
 *  1978): use rises by the same for each request a second, from what is used without any. Null = the data do not tell. */
export function fittedCpu(bins: readonly Bin[]): Estimate | null {
  const seen = bins.flatMap(({ rps, cpu }) =>
    cpu === null || cpu < LEAST_CPU || cpu > MOST_CPU ? [] : [{ rps, cpu }],
  )
  if (seen.length < FEWEST_BINS || Math.max(...seen.map(({ cpu }) => cpu)) < FAR_ENOUGH) return null
  const meanRps = meanOf(seen.map(({ rps }) => rps))
  const meanCpu = meanOf(seen.map(({ cpu }) => cpu))
  const spread = seen.reduce((sum, { rps }) => sum + (rps - meanRps) ** 2, 0)
  const slope = seen.reduce((sum, { rps, cpu }) => sum + (rps - meanRps) * (cpu - meanCpu), 0) / spread
  if (!(slope > 0)) return null
  const idle = meanCpu - slope * meanRps
  const misfit = seen.reduce((sum, { rps, cpu }) => sum + (cpu - idle - slope * rps) ** 2, 0)
  const noise = Math.max(Math.sqrt(misfit / (seen.length - 2)), LEAST_NOISE)
  const fullAt = (1 - idle) / slope
  // The error of the line where it is full, by the rate that it makes.
  const reach = ((Z * noise) / slope) * Math.sqrt(1 / seen.length + (fullAt - meanRps) ** 2 / spread)
  return { value: fullAt, low: Math.max(0, fullAt - reach), high: fullAt + reach }
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length
}
