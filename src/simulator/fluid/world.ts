import type { Millis, Rng } from '../../core/time.ts'
import type { ServerShape } from './erlang.ts'
import { Meter } from './meter.ts'
import { Servers, type Startup } from './servers.ts'
import { Waits } from './waits.ts'

export interface WorldSpec {
  readonly server: ServerShape
  readonly startup: Startup
  /** A request that would wait longer for its turn is turned away: a queue's limit and a client's patience in one. */
  readonly longestWaitMs: Millis
  readonly stepMs: Millis
}

/** What came of the requests, and what was paid for. */
export interface Tally {
  readonly requests: number
  readonly dropped: number
  readonly serverMs: Millis
}

/** Servers under load as flows: requests arrive at a rate, spread evenly over the servers and wait in each one's queue as M/M/c; what
 *  exceeds all capacity becomes a backlog that later steps carry on. There is no single request in it, so a million steps take a second. */
export class FluidWorld {
  readonly servers: Servers
  readonly meter: Meter
  readonly waits: Waits
  readonly #spec: WorldSpec
  #now: Millis = 0
  #backlog = 0
  #requests = 0
  #dropped = 0
  #serverMs = 0

  /** `rng` draws start-ups; `mostSteps` is how many steps will be taken at most. */
  constructor(spec: WorldSpec, rng: Rng, start: { readonly serving: number; readonly mostSteps: number }) {
    this.#spec = spec
    this.servers = new Servers(start.serving, spec.startup, rng)
    this.meter = new Meter(spec.stepMs, start.mostSteps)
    this.waits = new Waits(spec.server, spec.longestWaitMs)
  }

  /** Since the beginning. */
  get now(): Millis {
    return this.#now
  }

  get tally(): Tally {
    return { requests: this.#requests, dropped: this.#dropped, serverMs: this.#serverMs }
  }

  /** A step in which so many requests arrive. */
  step(arrivals: number): void {
    const { stepMs, server } = this.#spec
    const seconds = stepMs / 1000
    this.servers.settle(this.#now)
    const { serving } = this.servers
    const perSecond = serving * server.capacity
    const before = this.#backlog
    const served = Math.min(before + arrivals, perSecond * seconds)
    const dropped = this.#queue(before + arrivals - served, perSecond)
    this.#tellWaits(arrivals - Math.min(arrivals, dropped), { before, perSecond })
    const cpu = perSecond > 0 ? served / (perSecond * seconds) : 0
    const inFlight = serving * this.waits.inServer(cpu) + (before + this.#backlog) / 2
    this.meter.record({ rps: arrivals / seconds, cpu, served: served / seconds, inFlight })
    this.#requests += arrivals
    this.#dropped += dropped
    this.#serverMs += this.servers.have * stepMs
    this.#now += stepMs
  }

  /** What was counted so far was a warm-up; servers, backlog and measurements stay. */
  clear(): void {
    this.waits.clear()
    this.#requests = 0
    this.#dropped = 0
    this.#serverMs = 0
  }

  /** Keeps what can wait; gives how many are turned away. */
  #queue(left: number, perSecond: number): number {
    this.#backlog = Math.min(left, (perSecond * this.#spec.longestWaitMs) / 1000)
    return left - this.#backlog
  }

  #tellWaits(
    admitted: number,
    { before, perSecond }: { readonly before: number; readonly perSecond: number },
  ) {
    if (before === 0 && this.#backlog === 0) {
      const rho = perSecond > 0 ? admitted / ((perSecond * this.#spec.stepMs) / 1000) : 0
      this.waits.addSteady(admitted, rho)
      return
    }
    if (perSecond === 0) return
    const waitMs = (backlog: number) => Math.min(this.#spec.longestWaitMs, (backlog / perSecond) * 1000)
    this.waits.addBehind(admitted, waitMs(before), waitMs(this.#backlog))
  }
}
