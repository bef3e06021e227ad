import type { Millis } from '../../core/time.ts'

/** Load over time: one value for each step, without gaps. */
export interface Trace {
  readonly startAt: Millis
  readonly stepMs: Millis
  readonly values: Float64Array
}

/** The same load by another step: what lies in a step counts by the time that it lies there, so that the total stays. */
export function resampled({ startAt, stepMs, values }: Trace, newStepMs: Millis): Trace {
  const count = Math.floor((values.length * stepMs) / newStepMs)
  const resized = new Float64Array(count)
  for (let index = 0; index < count; index++)
    resized[index] = meanBetween(values, (index * newStepMs) / stepMs, ((index + 1) * newStepMs) / stepMs)
  return { startAt, stepMs: newStepMs, values: resized }
}

/** Both ends in steps of the values. */
function meanBetween(values: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let index = Math.floor(from); index < to; index++)
    sum += values[index]! * (Math.min(index + 1, to) - Math.max(index, from))
  return sum / (to - from)
}

/** The same shape with `peak` as its highest value. A trace of zeros stays one. */
export function scaledTo(trace: Trace, peak: number): Trace {
  const highest = peakOf(trace)
  const factor = highest > 0 ? peak / highest : 0
  return { ...trace, values: trace.values.map((value) => value * factor) }
}

export function peakOf({ values }: Trace): number {
  return values.reduce((highest, value) => Math.max(highest, value), 0)
}
