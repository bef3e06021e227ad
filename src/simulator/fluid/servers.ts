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

/** A time in which nothing can be launched, since the beginning. */
export interface StockOut {
  readonly fromMs: Millis
  readonly untilMs: Millis
}

/** What else a fleet goes through; what is absent does not happen. */
export interface Trials {
  /** A server that joins carries a tenth of what it can, and all of it after this time, in proportion between. */
  readonly coldStartMs?: Millis
  readonly stockOut?: StockOut
}

/** What a cold server carries. */
const COLDEST = 0.1

/** Servers that start, serve and are paid from their launch on. */
export class Servers {
  readonly #startup: Startup
  readonly #rng: Rng
  readonly #trials: Trials
  #starting: Starting[] = []
  #serving: number
  /** When those have joined that may still be cold, oldest first. */
  #joined: Millis[] = []
  #retired = 0

  constructor(serving: number, startup: Startup, rng: Rng, trials: Trials = {}) {
    this.#serving = serving
    this.#startup = startup
    this.#rng = rng
    this.#trials = trials
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
    for (const { doneAt, fails } of this.#starting) if (doneAt <= now && !fails) this.#join(doneAt)
    this.#starting = this.#starting.filter(({ doneAt }) => doneAt > now)
  }

  /** Launches what is missing, or takes away what is too much: those first that were launched last, since they carry nothing yet. */
  scaleTo(want: number, now: Millis): void {
    while (this.have < want && !this.#isOut(now)) this.#starting.push(this.#launched(now))
    while (this.have > want) {
      if (this.#starting.length > 0) this.#starting.pop()
      else this.#retire()
    }
  }

  /** How many servers that are warm carry as much as those that serve do. */
  warm(now: Millis): number {
    const { coldStartMs = 0 } = this.#trials
    if (this.#joined.length === 0) return this.#serving
    this.#joined = this.#joined.filter((at) => now - at < coldStartMs)
    const cold = (at: Millis) => (1 - COLDEST) * (1 - (now - at) / coldStartMs)
    return this.#joined.reduce((sum, at) => sum - cold(at), this.#serving)
  }

  /** Those that served and were retired since it was last asked for. */
  takeRetired(): number {
    const retired = this.#retired
    this.#retired = 0
    return retired
  }

  /** One of so many zones, over which servers are spread evenly, is gone, with all that start or serve there. Tells how many served. */
  loseZone(zones: number): number {
    const lost = Math.ceil(this.#serving / zones)
    this.#serving -= lost
    this.#joined = this.#joined.filter((_, index) => index % zones > 0)
    this.#starting = this.#starting.filter((_, index) => index % zones > 0)
    return lost
  }

  #join(at: Millis): void {
    this.#serving++
    if ((this.#trials.coldStartMs ?? 0) > 0) this.#joined.push(at)
  }

  #retire(): void {
    this.#serving--
    this.#joined.pop()
    this.#retired++
  }

  #isOut(now: Millis): boolean {
    const { stockOut } = this.#trials
    return stockOut !== undefined && now >= stockOut.fromMs && now < stockOut.untilMs
  }

  #launched(now: Millis): Starting {
    const { medianMs, sigma, failing } = this.#startup
    const fails = failing > 0 && this.#rng() < failing
    const takesMs = sigma > 0 ? medianMs * Math.exp(sigma * normal(this.#rng)) : medianMs
    return { doneAt: now + (fails ? medianMs * GIVEN_UP : takesMs), fails }
  }
}
