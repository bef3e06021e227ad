import type { MetricName, Sample } from '../../core/metrics.ts'
import { median } from '../../core/sums.ts'
import type { Millis } from '../../core/time.ts'
import { capacityOf, kneeBy } from '../capacity/capacity.ts'
import type { Worked } from '../capacity/worked.ts'
import type { Recorded } from './advice.ts'

type Series = ReadonlyMap<MetricName, Float64Array>

/** A year of minutes. */
const MOST_STEPS = 600_000

/** The median distance of the samples of the metric that has most of them, in whole seconds; null = there are none that follow each other. */
export function stepOf(samples: ReadonlyMap<MetricName, readonly Sample[]>): Millis | null {
  const [most = []] = [...samples.values()].toSorted((a, b) => b.length - a.length)
  const instants = most.map(({ at }) => at).toSorted((a, b) => a - b)
  const gaps = instants.slice(1).map((at, index) => at - instants[index]!)
  return gaps.length === 0 ? null : Math.max(1, Math.round(median(gaps) / 1000)) * 1000
}

/** Samples of several metrics in steps that they share, each the mean of its step, and what a server carries by them. */
export function recordedOf(
  samples: ReadonlyMap<MetricName, readonly Sample[]>,
  about: {
    readonly stepMs: Millis
    readonly candidates: readonly MetricName[]
    readonly latency: MetricName
    /** Requests a second that a server carries at most, where somebody knows; null = by what it carried. */
    readonly capacityRps: number | null
  },
): Recorded {
  const { stepMs, candidates, latency, capacityRps } = about
  const instants = [...samples.values()].flatMap((all) => all.map(({ at }) => Math.floor(at / stepMs)))
  const first = instants.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const last = instants.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY)
  const steps = instants.length === 0 ? 0 : Math.min(MOST_STEPS, last - first + 1)
  const series: Series = new Map(
    [...samples].map(([metric, all]) => [metric, stepped(all, { first, steps, stepMs })]),
  )
  const worked = workedBy(series, steps)
  const knee = capacityRps === null ? kneeLearned(worked) : kneeBy(capacityRps, worked)
  return { stepMs, candidates, latency, series, knee }
}

/** Nothing is built on what is not sure. */
function kneeLearned(worked: readonly Worked[]): Recorded['knee'] {
  const capacity = capacityOf(worked)
  return capacity?.confident ? capacity : null
}

function stepped(
  samples: readonly Sample[],
  { first, steps, stepMs }: { readonly first: number; readonly steps: number; readonly stepMs: Millis },
): Float64Array {
  const sums = new Float64Array(steps)
  const counts = new Uint32Array(steps)
  for (const { at, value } of samples) {
    const index = Math.floor(at / stepMs) - first
    if (index >= steps || !Number.isFinite(value)) continue
    sums[index]! += value
    counts[index]!++
  }
  return sums.map((sum, index) => (counts[index] === 0 ? Number.NaN : sum / counts[index]!))
}

/** What ended a second where that is known, else what arrived. */
function workedBy(series: Series, steps: number): readonly Worked[] {
  const at = (metric: MetricName, step: number) => series.get(metric)?.[step] ?? Number.NaN
  return Array.from({ length: steps }, (_, step): Worked => {
    const ended = at('throughput', step) / at('serving', step)
    const cpu = at('cpu', step)
    return {
      rps: Number.isNaN(ended) ? at('rps-per-server', step) : ended,
      inFlight: at('in-flight-per-server', step),
      cpu: Number.isNaN(cpu) ? null : cpu,
    }
  })
}
