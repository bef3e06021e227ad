import { type Bias, NEW_BIAS, nextBiases, type Reading } from '../../src/balancing/bias.ts'
import { eject, isEjected, isOutlier, mayEject, newOutlier, observe } from '../../src/balancing/outlier.ts'
import { createPicker, type Field } from '../../src/balancing/picker.ts'
import type { Algorithm } from '../../src/core/algorithm.ts'
import { OUTLIER } from '../../src/core/outlier.ts'
import type { Rng } from '../../src/core/time.ts'
import type { WeightSpec } from '../../src/core/weights.ts'

/** Requests that arrive by chance (Poisson) at ten servers of four places each, which take 20 ms (exponential), for half a minute. */
export interface World {
  /** Of what ten good servers can do. */
  readonly load: number
  readonly slow?: {
    readonly servers: readonly number[]
    readonly times: number
    readonly fromMs: number
    readonly untilMs?: number
  }
  /** One that answers 5xx within 1 ms. */
  readonly failing?: number
}

/** Who is picked, and what weights are made of the readings of so many ms. */
export interface Spreading {
  readonly algorithm: Algorithm
  readonly everyMs: number
  readonly weights: (readings: readonly Reading[]) => readonly number[]
}

export interface Seen {
  readonly p99Ms: number
  readonly dropped: number
  /** The longest time that one server had over 150 % of its fair share. */
  readonly overFairMs: number
  /** The largest share of one server in one second; 1 = fair. */
  readonly worstShare: number
}

const SERVERS = 10
const PLACES = 4
const MEAN_MS = 20
const FAIL_MS = 1
const RUN_MS = 30_000
const LOOK_MS = 100
const WINDOW_MS = 1_000
const MOST_QUEUED = 2_000
const WEIGHT = 800
const EJECTS = { ...OUTLIER, errors: 5 }

export const LEAST_CONNECTIONS: Spreading = {
  algorithm: 'least-connections',
  everyMs: 1_000,
  weights: (readings) => readings.map(() => WEIGHT),
}

/** As the gateway does it. */
export function stable(spec: WeightSpec): Spreading {
  const everyMs = 1_000
  return {
    algorithm: 'least-connections',
    everyMs,
    weights: (() => {
      let biases: readonly Bias[] = Array.from({ length: SERVERS }, () => NEW_BIAS)
      return (readings: readonly Reading[]) => {
        biases = nextBiases(biases, readings, spec, { elapsed: everyMs, frozen: false })
        return biases.map(({ factor }) => Math.round(WEIGHT * factor))
      }
    })(),
  }
}

/** As the formulas stand: shares for 5 s; a server without answers keeps its last response time. */
export function naive(formula: (rttMs: number) => number): Spreading {
  const last = Array.from({ length: SERVERS }, () => MEAN_MS)
  return {
    algorithm: 'round-robin',
    everyMs: 5_000,
    weights: (readings) => {
      readings.forEach(({ answers, sumMs }, i) => {
        if (answers > 0) last[i] = sumMs / answers
      })
      const raw = last.map((rtt) => Math.max(0, Math.round(formula(rtt))))
      return raw.every((weight) => weight === 0) ? raw.map(() => 1) : raw
    },
  }
}

interface Place {
  readonly queue: number[]
  /** When what each place works on ends, and when it came. */
  readonly work: { endsAt: number; cameAt: number }[]
  answers: number
  sumMs: number
  bad: number
  errorsInRow: number
  picked: number
  outlier: ReturnType<typeof newOutlier>
}

class Simulation {
  readonly #world: World
  readonly #rng: Rng
  readonly #places: readonly Place[] = Array.from({ length: SERVERS }, () => ({
    queue: [],
    work: [],
    answers: 0,
    sumMs: 0,
    bad: 0,
    errorsInRow: 0,
    picked: 0,
    outlier: newOutlier({ connectFailures: 0, errors: 0 }),
  }))
  readonly #latencies: number[] = []
  #weights: readonly number[]
  #generation = 0
  #dropped = 0
  #now = 0
  readonly #overSince: number[] = Array.from({ length: SERVERS }, () => 0)
  #overFairMs = 0
  #worstShare = 0

  constructor(world: World, seed: number) {
    this.#world = world
    this.#rng = seeded(seed)
    this.#weights = this.#places.map(() => WEIGHT)
  }

  run(spreading: Spreading): Seen {
    const picker = createPicker(spreading.algorithm, null, this.#rng)
    const field = this.#field()
    const gapMs = MEAN_MS / (SERVERS * PLACES * this.#world.load)
    let lookAt = LOOK_MS
    while (this.#now < RUN_MS) {
      this.#now += -Math.log(1 - this.#rng()) * gapMs
      for (; lookAt <= this.#now; lookAt += LOOK_MS) this.#look(lookAt, spreading)
      for (const [i, place] of this.#places.entries()) this.#work(place, i, this.#now)
      this.#arrive(picker.pick(field, null, 0))
    }
    this.#latencies.sort((a, b) => a - b)
    const p99Ms = this.#latencies[Math.floor(this.#latencies.length * 0.99)]!
    return { p99Ms, dropped: this.#dropped, overFairMs: this.#overFairMs, worstShare: this.#worstShare }
  }

  #field(): Field {
    const places = this.#places
    const weight = (i: number) => (isEjected(places[i]!.outlier, this.#now) ? 0 : this.#weights[i]!)
    const generation = () => this.#generation
    return {
      size: SERVERS,
      get generation() {
        return generation()
      },
      totalInFlight: 0,
      weight,
      steadyWeight: weight,
      inFlight: (i) => places[i]!.work.length + places[i]!.queue.length,
      latency: () => 0,
      identity: (i) => i,
    }
  }

  #arrive(picked: number): void {
    const place = this.#places[picked]!
    place.picked++
    if (place.queue.length >= MOST_QUEUED) this.#dropped++
    else if (place.work.length < PLACES) this.#begin(place, picked, this.#now, this.#now)
    else place.queue.push(this.#now)
  }

  #begin(place: Place, i: number, cameAt: number, at: number): void {
    place.work.push({ cameAt, endsAt: at + this.#takes(i, at) })
  }

  #takes(i: number, at: number): number {
    if (i === this.#world.failing) return FAIL_MS
    const { slow } = this.#world
    const isSlow = slow?.servers.includes(i) && at >= slow.fromMs && at < (slow.untilMs ?? RUN_MS)
    return -Math.log(1 - this.#rng()) * MEAN_MS * (isSlow ? slow!.times : 1)
  }

  /** Whatever ends until `until`, and what begins in its place. */
  #work(place: Place, i: number, until: number): void {
    for (;;) {
      let at = -1
      for (let k = 0; k < place.work.length; k++) {
        if (place.work[k]!.endsAt <= until && (at < 0 || place.work[k]!.endsAt < place.work[at]!.endsAt))
          at = k
      }
      if (at < 0) return
      const [{ cameAt, endsAt }] = place.work.splice(at, 1) as [Place['work'][number]]
      const failed = i === this.#world.failing
      place.answers++
      place.sumMs += endsAt - cameAt
      if (failed) place.bad++
      else this.#latencies.push(endsAt - cameAt)
      place.errorsInRow = failed ? place.errorsInRow + 1 : 0
      if (place.queue.length > 0) this.#begin(place, i, place.queue.shift()!, endsAt)
    }
  }

  #look(at: number, spreading: Spreading): void {
    for (const [i, place] of this.#places.entries()) this.#work(place, i, at)
    this.#eject(at)
    if (at % WINDOW_MS === 0) this.#shares(at)
    if (at % spreading.everyMs !== 0) return
    const readings = this.#places.map(({ answers, sumMs, bad, work, queue }) => ({
      answers,
      sumMs,
      bad,
      inFlight: work.length + queue.length,
    }))
    for (const place of this.#places) Object.assign(place, { answers: 0, sumMs: 0, bad: 0 })
    this.#weights = spreading.weights(readings)
    this.#generation++
  }

  #eject(now: number): void {
    for (const place of this.#places) {
      const rows = { connectFailures: 0, errors: place.errorsInRow }
      place.outlier = observe(place.outlier, rows)
      const ejected = this.#places.filter(({ outlier }) => isEjected(outlier, now)).length
      if (isEjected(place.outlier, now) || !isOutlier(place.outlier, rows, EJECTS)) continue
      if (mayEject(ejected, SERVERS, EJECTS.share))
        place.outlier = eject(place.outlier, rows, EJECTS, { now, chance: this.#rng() })
    }
  }

  /** Fair is a share of what all got. */
  #shares(at: number): void {
    const fair = this.#places.reduce((sum, { picked }) => sum + picked, 0) / SERVERS
    this.#places.forEach((place, i) => {
      const share = place.picked / fair
      this.#worstShare = Math.max(this.#worstShare, share)
      if (share <= 1.5) this.#overSince[i] = at
      this.#overFairMs = Math.max(this.#overFairMs, at - this.#overSince[i]!)
      place.picked = 0
    })
  }
}

/** mulberry32. */
function seeded(seed: number): Rng {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function run(world: World, spreading: Spreading, seed: number): Seen {
  return new Simulation(world, seed).run(spreading)
}
