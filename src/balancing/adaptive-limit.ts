import type { Millis } from '../core/time.ts'

const START = 20
/** A window ends after this time, if it has as many samples as this. */
const WINDOW_MS = 100
const WINDOW_SAMPLES = 20
const MOST_SAMPLES = 200
/** So much over the unloaded latency is not called a queue. */
const TOLERANCE = 1.25
const LEAST_GRADIENT = 0.5
/** How often the unloaded latency is measured again; soon again when it turned out lower. */
const PROBE_MS = 60_000
const PROBE_SOON_MS = 1_000
const LOWER = 0.9

/**
 * How many requests may be in flight so that they are served rather than queued: the gradient controller of Envoy's adaptive
 * concurrency filter, `limit * unloaded latency / latency + sqrt(limit)` each window, which grows only while it is used, as Netflix's
 * concurrency-limits does. The unloaded latency is the least median of a window; since a standing queue would pass for it in the end,
 * the limit is halved for two windows each minute, and the second tells the latency anew.
 */
export class AdaptiveLimit {
  limit = START
  inFlight = 0
  readonly least: number
  #samples: number[] = []
  #highest = 0
  #windowAtMs = 0
  /** 0 = not known yet. */
  #unloadedMs: Millis = 0
  #probeAtMs = 0
  /** Windows that are left of a probe, and what the limit was before it. */
  #probing = 0
  #before = 0

  constructor(least: number, inFlight = 0) {
    this.least = least
    this.inFlight = inFlight
    this.limit = Math.max(least, START)
  }

  hasRoom(): boolean {
    return this.inFlight < Math.floor(this.limit)
  }

  begun(): void {
    this.inFlight++
    if (this.inFlight > this.#highest) this.#highest = this.inFlight
  }

  /** Null = it was not answered, or in a way that tells nothing of the load. */
  ended(latencyMs: Millis | null, nowMs: Millis): void {
    // Those that had begun before there was a limit were not counted.
    this.inFlight = Math.max(0, this.inFlight - 1)
    if (latencyMs !== null && this.#samples.length < MOST_SAMPLES) this.#samples.push(latencyMs)
    if (nowMs - this.#windowAtMs >= WINDOW_MS && this.#samples.length >= WINDOW_SAMPLES)
      this.#endWindow(nowMs)
  }

  #endWindow(nowMs: Millis): void {
    const latencyMs = median(this.#samples)
    const isUsed = this.#highest >= this.limit / 2
    this.#samples = []
    this.#highest = this.inFlight
    this.#windowAtMs = nowMs
    if (this.#probing > 0) this.#probe(latencyMs, nowMs)
    else if (nowMs >= this.#probeAtMs && this.#unloadedMs > 0) this.#beginProbe()
    else this.#adjust(latencyMs, isUsed)
  }

  #adjust(latencyMs: Millis, isUsed: boolean): void {
    if (this.#unloadedMs === 0 || latencyMs < this.#unloadedMs) this.#unloadedMs = latencyMs
    const gradient = (TOLERANCE * this.#unloadedMs) / Math.max(latencyMs, Number.MIN_VALUE)
    const next = this.limit * Math.min(1, Math.max(LEAST_GRADIENT, gradient)) + Math.sqrt(this.limit)
    if (next < this.limit || isUsed) this.limit = Math.max(this.least, next)
  }

  #beginProbe(): void {
    this.#probing = 2
    this.#before = this.limit
    this.limit = Math.max(this.least, this.limit / 2)
  }

  #probe(latencyMs: Millis, nowMs: Millis): void {
    this.#probing--
    if (this.#probing > 0) return
    const isLower = latencyMs < LOWER * this.#unloadedMs
    this.#unloadedMs = latencyMs
    this.#probeAtMs = nowMs + (isLower ? PROBE_SOON_MS : PROBE_MS)
    this.limit = isLower ? this.limit : this.#before
  }
}

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1]!
}
