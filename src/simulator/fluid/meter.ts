import type { Millis } from '../../core/time.ts'

/** What is measured in each step, as means over it. */
export interface Step {
  /** Arrivals a second. */
  readonly rps: number
  /** Share of the serving servers' capacity that was used: 0 to 1. */
  readonly cpu: number
  /** Requests that end a second. */
  readonly served: number
  /** Requests that are served or wait, over all servers. */
  readonly inFlight: number
}

export type Metric = keyof Step

/** What was measured so far, and nothing of what comes. Sums are kept, so that a mean over any window is one subtraction. */
export class Meter {
  readonly stepMs: Millis
  readonly #sums: Readonly<Record<Metric, Float64Array>>
  #count = 0

  constructor(stepMs: Millis, mostSteps: number) {
    const sums = () => new Float64Array(mostSteps + 1)
    this.stepMs = stepMs
    this.#sums = { rps: sums(), cpu: sums(), served: sums(), inFlight: sums() }
  }

  record({ rps, cpu, served, inFlight }: Step): void {
    const sums = this.#sums
    const last = this.#count++
    sums.rps[last + 1] = sums.rps[last]! + rps
    sums.cpu[last + 1] = sums.cpu[last]! + cpu
    sums.served[last + 1] = sums.served[last]! + served
    sums.inFlight[last + 1] = sums.inFlight[last]! + inFlight
  }

  /** The mean over the last `windowMs` that had ended `agoMs` ago; at the beginning over what there is; null = no data. */
  mean(metric: Metric, windowMs: Millis, agoMs: Millis = 0): number | null {
    const end = this.#count - Math.ceil(agoMs / this.stepMs)
    return this.#between(metric, end - Math.max(1, Math.round(windowMs / this.stepMs)), end)
  }

  /** The highest step of a window as `mean` has it; null = it reaches back before the beginning. */
  highest(metric: Metric, windowMs: Millis, agoMs: Millis): number | null {
    const end = this.#count - Math.ceil(agoMs / this.stepMs)
    const start = end - Math.max(1, Math.round(windowMs / this.stepMs))
    if (start < 0) return null
    const sums = this.#sums[metric]
    let most = 0
    for (let index = start; index < end; index++) most = Math.max(most, sums[index + 1]! - sums[index]!)
    return most
  }

  /** The newest points of a monitoring service that sums up whole periods and tells each `delayMs` after its end, newest first. Fewer at
   *  the beginning. */
  points(
    metric: Metric,
    service: { readonly periodMs: Millis; readonly delayMs: Millis },
    most: number,
  ): number[] {
    const perPoint = Math.max(1, Math.round(service.periodMs / this.stepMs))
    const told = this.#count - Math.ceil(service.delayMs / this.stepMs)
    const whole = Math.floor(told / perPoint)
    return Array.from({ length: Math.max(0, Math.min(most, whole)) }, (_, index) => {
      const end = (whole - index) * perPoint
      return this.#between(metric, end - perPoint, end)!
    })
  }

  #between(metric: Metric, from: number, end: number): number | null {
    const start = Math.max(0, from)
    if (end <= start) return null
    const sums = this.#sums[metric]
    return (sums[end]! - sums[start]!) / (end - start)
  }
}
