import type { Millis } from '../../core/time.ts'
import { inServer, type ServerShape, waitTail } from '../../scaling/erlang.ts'

/** Nearer to saturation it takes minutes to reach the steady state that Erlang's formula tells of; there the backlog tells. */
const STEADIEST = 0.95
const RHO_BINS = 950
const WAIT_BIN_MS = 5
/** Requests of a step with a backlog are taken at so many instants. */
const SPREAD = 16

/** How long requests have waited, kept as the conditions that they came in, so that a step costs next to nothing and any quantile can be asked
 *  for at the end. */
export class Waits {
  readonly #shape: ServerShape
  /** Requests by utilization in steps without a backlog. */
  readonly #steady = new Float64Array(RHO_BINS + 1)
  /** Requests by the backlog's wait that was before them. */
  readonly #behind: Float64Array
  /** In-flight requests of a server, by utilization. */
  readonly #inServer: Float64Array
  #requests = 0

  /** A backlog never makes wait longer than `longestMs`. */
  constructor(shape: ServerShape, longestMs: Millis) {
    this.#shape = shape
    this.#behind = new Float64Array(Math.ceil(longestMs / WAIT_BIN_MS) + 1)
    this.#inServer = Float64Array.from({ length: RHO_BINS + 1 }, (_, bin) => inServer(shape, rhoOf(bin)))
  }

  /** `requests` that came while servers were used to `rho`. */
  addSteady(requests: number, rho: number): void {
    this.#requests += requests
    this.#steady[binOf(rho)]! += requests
  }

  /** `requests` that came while the wait in front of them went evenly from one to the other. */
  addBehind(requests: number, fromMs: Millis, toMs: Millis): void {
    this.#requests += requests
    for (let part = 0; part < SPREAD; part++) {
      const waitMs = fromMs + ((toMs - fromMs) * (part + 0.5)) / SPREAD
      this.#behind[Math.round(waitMs / WAIT_BIN_MS)]! += requests / SPREAD
    }
  }

  /** In flight in one server, without a backlog. */
  inServer(rho: number): number {
    return this.#inServer[binOf(rho)]!
  }

  /** Requests that waited longer. */
  longerThan(waitMs: Millis): number {
    let sum = 0
    this.#steady.forEach((requests, bin) => {
      if (requests > 0) sum += requests * waitTail(this.#shape, rhoOf(bin), waitMs / 1000)
    })
    this.#behind.forEach((requests, bin) => {
      if (requests > 0) sum += requests * this.#behindTail(waitMs - bin * WAIT_BIN_MS)
    })
    return sum
  }

  /** The wait that this share of the requests did not exceed; 0 where nobody waited. */
  quantile(share: number): Millis {
    const most = (1 - share) * this.#requests
    let [low, high] = [0, this.#behind.length * WAIT_BIN_MS * 2]
    if (this.longerThan(0) <= most) return 0
    while (high - low > 0.1) {
      const middle = (low + high) / 2
      if (this.longerThan(middle) > most) low = middle
      else high = middle
    }
    return high
  }

  /** Forgets what was. */
  clear(): void {
    this.#steady.fill(0)
    this.#behind.fill(0)
    this.#requests = 0
  }

  #behindTail(waitMs: Millis): number {
    return waitMs < 0 ? 1 : waitTail(this.#shape, STEADIEST, waitMs / 1000)
  }
}

function binOf(rho: number): number {
  return Math.round((Math.min(rho, STEADIEST) / STEADIEST) * RHO_BINS)
}

function rhoOf(bin: number): number {
  return (bin / RHO_BINS) * STEADIEST
}
