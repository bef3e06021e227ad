import { median } from '../core/sums.ts'
import type { Millis } from '../core/time.ts'

/** What was measured by steps; NaN where it is not known. */
export interface InFlightSeries {
  readonly stepMs: Millis
  /** Requests in flight, over all servers. */
  readonly inFlight: Float64Array
  /** Requests that arrive a second. */
  readonly rps: Float64Array
  readonly serving: Float64Array
  /** In flight at each server that a policy aims at. */
  readonly target: number
}

/** Requests in flight as they would be with servers enough: where they pile up beyond the target they are a queue, which more servers would never
 *  have had. Then it is what arrives times as long as a request usually takes (Little's law): the median of the steps within the target, else the
 *  least there was. Requests that last longer than a step are no matter of one step's arrivals and stay as they are. Pure. */
export function arrivalLoad({ stepMs, inFlight, rps, serving, target }: InFlightSeries): Float64Array {
  const isPiled = (count: number, step: number) => count > target * (serving[step] || 0)
  const took = (some: (count: number, step: number) => boolean) =>
    [...inFlight.keys()]
      .filter((step) => inFlight[step]! > 0 && rps[step]! > 0 && some(inFlight[step]!, step))
      .map((step) => inFlight[step]! / rps[step]!)
  const calm = took((count, step) => !isPiled(count, step))
  const usual = calm.length > 0 ? median(calm) : took(() => true).reduce((a, b) => Math.min(a, b), Infinity)
  if (usual * 1000 > stepMs) return inFlight
  return inFlight.map((count, step) => {
    const arriving = rps[step]! * usual
    return isPiled(count, step) && arriving < count ? arriving : count
  })
}
