import type { Millis, Rng } from '../../core/time.ts'
import { normal } from '../chance.ts'

/** How long a server takes from its launch until it serves. */
export interface Startup {
  readonly medianMs: Millis
  /** Of the lognormal distribution: 0 = always the median, 0.3 = one in twenty takes 1.6 times as long. */
  readonly sigma: number
  /** Share of the launches that never come to serve. They are given up, and no longer paid for, after `GIVEN_UP` times the median. */
  readonly failing: number
}

const GIVEN_UP = 3

interface Starting {
  /** When it serves, or is given up. */
  readonly doneAt: Millis
  readonly fails: boolean
}

/** Servers that start, serve and are paid from their launch on. */
export class Servers {
  readonly #startup: Startup
  readonly #rng: Rng
  #starting: Starting[] = []
  #serving: number

  constructor(serving: number, startup: Startup, rng: Rng) {
    this.#serving = serving
    this.#startup = startup
    this.#rng = rng
  }

  get serving(): number {
    return this.#serving
  }

  /** Serving and starting: what is paid for. */
  get have(): number {
    return this.#serving + this.#starting.length
  }

  /** Those whose time has come serve, or are given up. */
  settle(now: Millis): void {
    if (this.#starting.length === 0) return
    for (const { doneAt, fails } of this.#starting) if (doneAt <= now && !fails) this.#serving++
    this.#starting = this.#starting.filter(({ doneAt }) => doneAt > now)
  }

  /** Launches what is missing, or takes away what is too much: those first that were launched last, since they carry nothing yet. */
  scaleTo(want: number, now: Millis): void {
    while (this.have < want) this.#starting.push(this.#launched(now))
    while (this.have > want) {
      if (this.#starting.length > 0) this.#starting.pop()
      else this.#serving--
    }
  }

  #launched(now: Millis): Starting {
    const { medianMs, sigma, failing } = this.#startup
    const fails = failing > 0 && this.#rng() < failing
    const takesMs = sigma > 0 ? medianMs * Math.exp(sigma * normal(this.#rng)) : medianMs
    return { doneAt: now + (fails ? medianMs * GIVEN_UP : takesMs), fails }
  }
}
