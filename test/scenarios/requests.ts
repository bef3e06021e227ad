import type { Millis, Rng } from '../../src/core/time.ts'
import type { WorldSpec } from '../../src/simulator/fluid/world.ts'

export interface Waited {
  readonly requests: number
  readonly late: number
  /** Turned away, cut off or lost. */
  readonly dropped: number
  /** Of those that were not turned away, in the order in which they came. */
  readonly waitsMs: readonly Millis[]
  /** What slots were busy with requests. */
  readonly busyMs: Millis
  readonly serverMs: Millis
}

/** What comes, and how many servers are asked for, by step. */
export interface Story {
  readonly rates: readonly number[]
  readonly wants: readonly number[]
}

/** Who has a slot, or waits for one. */
interface Held {
  readonly endAt: Millis
  readonly isLate: boolean
}

interface Queue {
  readonly joinedAt: Millis
  readonly isWarmFromStart: boolean
  readonly freeAt: Float64Array
  held: Held[]
}

/** What a server that has just joined carries. */
const COLDEST = 0.1

/** Every single request: each server is a queue that is served in order by its slots; requests come at random and go to a random server, to
 *  a cold one as much less often as it carries less. Start-ups take their median. */
export class RequestWorld {
  readonly #spec: WorldSpec
  readonly #objectiveMs: Millis
  readonly #rng: Rng
  #starting: Millis[] = []
  #queues: Queue[]
  #waited = { requests: 0, late: 0, dropped: 0, waitsMs: [] as Millis[], busyMs: 0, serverMs: 0 }

  constructor(spec: WorldSpec, objectiveMs: Millis, rng: Rng, serving: number) {
    this.#spec = spec
    this.#objectiveMs = objectiveMs
    this.#rng = rng
    this.#queues = Array.from({ length: serving }, () => this.#queue(0, true))
  }

  tell({ rates, wants }: Story): Waited {
    const { stepMs } = this.#spec
    rates.forEach((rate, step) => {
      const now = step * stepMs
      this.#join(now)
      this.#scaleTo(wants[step]!, now)
      this.#loseZone(now)
      this.#waited.serverMs += (this.#queues.length + this.#starting.length) * stepMs
      if (rate > 0) this.#arrive(rate, now)
    })
    for (const queue of this.#queues) this.#settle(queue, Number.POSITIVE_INFINITY)
    return this.#waited
  }

  #join(now: Millis): void {
    const done = this.#starting.filter((at) => at <= now)
    this.#starting = this.#starting.filter((at) => at > now)
    for (const at of done) this.#queues.push(this.#queue(at, false))
  }

  #scaleTo(want: number, now: Millis): void {
    const { startup, stockOut } = this.#spec
    const isOut = stockOut !== undefined && now >= stockOut.fromMs && now < stockOut.untilMs
    while (this.#queues.length + this.#starting.length < want && !isOut)
      this.#starting.push(now + startup.medianMs)
    while (this.#queues.length + this.#starting.length > want)
      if (this.#starting.pop() === undefined) this.#retire(this.#queues.pop()!, now)
  }

  /** It finishes what it can in its time; without such a time the test has nothing to say. */
  #retire(queue: Queue, now: Millis): void {
    const { drainMs = Number.POSITIVE_INFINITY } = this.#spec
    this.#settle(queue, now + drainMs)
    const lastAt = queue.held.length > 0 ? now + drainMs : Math.max(now, ...queue.freeAt)
    this.#waited.serverMs += lastAt - now
    this.#waited.dropped += queue.held.length
  }

  #loseZone(now: Millis): void {
    const { zoneLoss } = this.#spec
    if (zoneLoss?.atMs !== now) return
    const isLost = (_: unknown, index: number) => index % zoneLoss.zones === 0
    for (const queue of this.#queues.filter(isLost)) {
      this.#settle(queue, now)
      this.#waited.dropped += queue.held.length
    }
    this.#queues = this.#queues.filter((_, index) => index % zoneLoss.zones !== 0)
    this.#starting = this.#starting.filter((_, index) => index % zoneLoss.zones !== 0)
  }

  #arrive(rate: number, from: Millis): void {
    const meanMs = 1000 / rate
    for (
      let at = from + this.#exponential(meanMs);
      at < from + this.#spec.stepMs;
      at += this.#exponential(meanMs)
    )
      this.#take(this.#pick(at), at)
  }

  #take(queue: Queue | undefined, at: Millis): void {
    const { server, longestWaitMs } = this.#spec
    this.#waited.requests++
    const slot = queue ? queue.freeAt.indexOf(Math.min(...queue.freeAt)) : 0
    const waitMs = queue ? Math.max(0, queue.freeAt[slot]! - at) : Number.POSITIVE_INFINITY
    if (!queue || waitMs > longestWaitMs) {
      this.#waited.dropped++
      return
    }
    const serviceMs = (1000 * server.slots) / server.capacity / this.#warmth(queue, at + waitMs)
    const takesMs = this.#exponential(serviceMs)
    const endAt = at + waitMs + takesMs
    this.#waited.waitsMs.push(waitMs)
    this.#waited.busyMs += takesMs
    queue.freeAt[slot] = endAt
    queue.held.push({ endAt, isLate: waitMs > this.#objectiveMs })
    if (queue.held.length > 1_000) this.#settle(queue, at)
  }

  /** Counts what has its answer by then. */
  #settle(queue: Queue, at: Millis): void {
    this.#waited.late += queue.held.filter(({ endAt, isLate }) => endAt <= at && isLate).length
    queue.held = queue.held.filter(({ endAt }) => endAt > at)
  }

  #pick(at: Millis): Queue | undefined {
    const shares = this.#queues.map((queue) => this.#warmth(queue, at))
    let left = this.#rng() * shares.reduce((sum, share) => sum + share, 0)
    return this.#queues.find((_, index) => {
      left -= shares[index]!
      return left < 0
    })
  }

  #warmth({ joinedAt, isWarmFromStart }: Queue, at: Millis): number {
    const { coldStartMs = 0 } = this.#spec
    if (isWarmFromStart || at - joinedAt >= coldStartMs) return 1
    return COLDEST + (1 - COLDEST) * ((at - joinedAt) / coldStartMs)
  }

  #queue(joinedAt: Millis, isWarmFromStart: boolean): Queue {
    const freeAt = new Float64Array(this.#spec.server.slots)
    return { joinedAt, isWarmFromStart, freeAt, held: [] }
  }

  #exponential(meanMs: Millis): Millis {
    return -Math.log(1 - this.#rng()) * meanMs
  }
}
