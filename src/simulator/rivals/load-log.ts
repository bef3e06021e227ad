import { aggregate } from '../../core/aggregate.ts'
import type { LoadSeries } from '../../core/forecast.ts'
import type { Millis } from '../../core/time.ts'
import { LOAD_BACK_MS, LOAD_STEP_MS } from '../../scaling/forecast/outlook.ts'

/** A load as the history of a controller would sum it up, without keeping every sample. */
export class LoadLog {
  readonly #startAt: Millis
  #means = new Float64Array(1_024)
  #peaks = new Float64Array(1_024)
  #steps = 0
  #samples: number[] = []

  constructor(now: Millis) {
    this.#startAt = stepOf(now) * LOAD_STEP_MS
  }

  /** Samples come in order. */
  add(at: Millis, value: number): void {
    const index = stepOf(at) - stepOf(this.#startAt)
    while (index >= this.#means.length) this.#grow()
    if (index >= this.#steps) this.#begin(index)
    this.#samples.push(value)
    const { mean, p95 } = aggregate(this.#samples)
    this.#means[index] = mean
    this.#peaks[index] = p95
  }

  /** As far back as an outlook looks, with the step that is not over yet. */
  get series(): LoadSeries {
    const from = Math.max(0, this.#steps - LOAD_BACK_MS / LOAD_STEP_MS)
    return {
      startAt: this.#startAt + from * LOAD_STEP_MS,
      stepMs: LOAD_STEP_MS,
      means: this.#means.subarray(from, this.#steps),
      peaks: this.#peaks.subarray(from, this.#steps),
    }
  }

  #begin(index: number): void {
    this.#means.fill(Number.NaN, this.#steps, index)
    this.#peaks.fill(Number.NaN, this.#steps, index)
    this.#steps = index + 1
    this.#samples = []
  }

  #grow(): void {
    const doubled = (values: Float64Array) => {
      const more = new Float64Array(values.length * 2)
      more.set(values)
      return more
    }
    this.#means = doubled(this.#means)
    this.#peaks = doubled(this.#peaks)
  }
}

function stepOf(at: Millis): number {
  return Math.floor(at / LOAD_STEP_MS)
}
