import type { Millis, Rng } from '../../core/time.ts'

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

/** What is between a measurement and who decides by it, beyond what each policy's own source takes. */
export interface Telling {
  /** From the end of a period until it is told. */
  readonly delayMs: Millis
  /** Only whole periods are told, as means; 0 = every step. */
  readonly periodMs: Millis
  /** Share of the periods that nobody ever hears of. */
  readonly loss: number
}

export const PROMPT: Telling = { delayMs: 0, periodMs: 0, loss: 0 }

/** What was measured so far, and nothing of what comes. Sums are kept, so that a mean over any window is one subtraction. */
export class Meter {
  readonly stepMs: Millis
  readonly #sums: Readonly<Record<Metric, Float64Array>>
  /** How many of the steps anybody hears of; null = all. */
  readonly #heard: Uint32Array | null
  readonly #telling: Telling
  readonly #rng: Rng
  readonly #perPeriod: number
  #count = 0
  #isLost = false

  /** `rng` draws what gets lost. */
  constructor(stepMs: Millis, mostSteps: number, telling: Telling = PROMPT, rng: Rng = () => 1) {
    const sums = () => new Float64Array(mostSteps + 1)
    this.stepMs = stepMs
    this.#sums = { rps: sums(), cpu: sums(), served: sums(), inFlight: sums() }
    this.#heard = telling.loss > 0 ? new Uint32Array(mostSteps + 1) : null
    this.#telling = telling
    this.#rng = rng
    this.#perPeriod = Math.max(1, Math.round(telling.periodMs / stepMs))
  }

  /** Of what is told. */
  get periodMs(): Millis {
    return this.#perPeriod * this.stepMs
  }

  /** How old the newest that is told is, at its end; null = nothing yet. */
  get ageMs(): Millis | null {
    const told = this.#told
    return told <= 0 ? null : (this.#count - told) * this.stepMs
  }

  record({ rps, cpu, served, inFlight }: Step): void {
    const sums = this.#sums
    const last = this.#count++
    const times = this.#hears(last) ? 1 : 0
    sums.rps[last + 1] = sums.rps[last]! + times * rps
    sums.cpu[last + 1] = sums.cpu[last]! + times * cpu
    sums.served[last + 1] = sums.served[last]! + times * served
    sums.inFlight[last + 1] = sums.inFlight[last]! + times * inFlight
  }

  /** The mean over the last `windowMs` that had ended `agoMs` ago; at the beginning over what there is; null = no data. */
  mean(metric: Metric, windowMs: Millis, agoMs: Millis = 0): number | null {
    const end = this.#end(agoMs)
    return this.#between(metric, end - Math.max(1, Math.round(windowMs / this.stepMs)), end)
  }

  /** The highest step of a window as `mean` has it; null = it reaches back before the beginning. */
  highest(metric: Metric, windowMs: Millis, agoMs: Millis): number | null {
    const end = this.#end(agoMs)
    const start = end - Math.max(1, Math.round(windowMs / this.stepMs))
    if (start < 0) return null
    const sums = this.#sums[metric]
    let most = 0
    for (let index = start; index < end; index++) most = Math.max(most, sums[index + 1]! - sums[index]!)
    return most
  }

  /** The newest points of a monitoring service that sums up whole periods and tells each `delayMs` after its end, newest first. Fewer at
   *  the beginning, or where some were lost. */
  points(
    metric: Metric,
    service: { readonly periodMs: Millis; readonly delayMs: Millis },
    most: number,
  ): number[] {
    const perPoint = Math.max(1, Math.round(service.periodMs / this.stepMs))
    const whole = Math.floor(this.#end(service.delayMs) / perPoint)
    const points = Array.from({ length: Math.max(0, Math.min(most, whole)) }, (_, index) => {
      const end = (whole - index) * perPoint
      return this.#between(metric, end - perPoint, end)
    })
    return points.filter((point) => point !== null)
  }

  /** How many steps are told. */
  get #told(): number {
    const over = this.#count - Math.ceil(this.#telling.delayMs / this.stepMs)
    return Math.floor(over / this.#perPeriod) * this.#perPeriod
  }

  #end(agoMs: Millis): number {
    return Math.min(this.#told, this.#count - Math.ceil(agoMs / this.stepMs))
  }

  /** A period is lost as a whole. */
  #hears(step: number): boolean {
    const heard = this.#heard
    if (heard === null) return true
    if (step % this.#perPeriod === 0) this.#isLost = this.#rng() < this.#telling.loss
    heard[step + 1] = heard[step]! + (this.#isLost ? 0 : 1)
    return !this.#isLost
  }

  #between(metric: Metric, from: number, end: number): number | null {
    const start = Math.max(0, from)
    if (end <= start) return null
    const sums = this.#sums[metric]
    const heard = this.#heard === null ? end - start : this.#heard[end]! - this.#heard[start]!
    return heard === 0 ? null : (sums[end]! - sums[start]!) / heard
  }
}
