import type { Millis, Rng } from '../../core/time.ts'
import type { ServerShape } from '../../scaling/erlang.ts'
import { Meter, PROMPT, type Telling } from './meter.ts'
import { Servers, type Startup, type Trials } from './servers.ts'
import { Waits } from './waits.ts'

export interface WorldSpec extends Trials {
  readonly server: ServerShape
  readonly startup: Startup
  /** A request that would wait longer for its turn is turned away: a queue's limit and a client's patience in one. */
  readonly longestWaitMs: Millis
  readonly stepMs: Millis
  /** How long a server that is retired may take to finish what it holds, and is paid for; the rest is cut off. Absent = it leaves at once, and the
   *  others finish it. */
  readonly drainMs?: Millis
  /** At this time since the beginning one of so many zones is lost. */
  readonly zoneLoss?: { readonly atMs: Millis; readonly zones: number }
  /** Absent = whoever decides knows at once. */
  readonly telling?: Telling
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
  /** In the step before. */
  #inFlight = 0
  #requests = 0
  #dropped = 0
  #serverMs = 0
  #busy = 0

  /** `rng` draws start-ups; `mostSteps` is how many steps will be taken at most. */
  constructor(spec: WorldSpec, rng: Rng, start: { readonly serving: number; readonly mostSteps: number }) {
    this.#spec = spec
    this.servers = new Servers(start.serving, spec.startup, rng, spec)
    this.meter = new Meter(spec.stepMs, start.mostSteps, spec.telling ?? PROMPT, rng)
    this.waits = new Waits(spec.server, spec.longestWaitMs)
  }

  /** Since the beginning. */
  get now(): Millis {
    return this.#now
  }

  /** How many servers would have been full with what was served in the last step. */
  get busy(): number {
    return this.#busy
  }

  get tally(): Tally {
    return { requests: this.#requests, dropped: this.#dropped, serverMs: this.#serverMs }
  }

  /** A step in which so many requests arrive. */
  step(arrivals: number): void {
    const { stepMs, server } = this.#spec
    const seconds = stepMs / 1000
    this.servers.settle(this.#now)
    this.#drain()
    this.#loseZone()
    const serving = this.servers.warm(this.#now)
    const perSecond = serving * server.capacity
    const before = this.#backlog
    const served = Math.min(before + arrivals, perSecond * seconds)
    const dropped = this.#queue(before + arrivals - served, perSecond)
    this.#tellWaits(arrivals - Math.min(arrivals, dropped), { before, perSecond })
    const cpu = perSecond > 0 ? served / (perSecond * seconds) : 0
    this.#busy = serving * cpu
    const inFlight = serving * this.waits.inServer(cpu) + (before + this.#backlog) / 2
    this.#inFlight = inFlight
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

  /** Servers that were retired finish what they hold of the backlog, and what they were about to answer. */
  #drain(): void {
    const { server, drainMs } = this.#spec
    const left = this.servers.takeRetired()
    if (left === 0 || drainMs === undefined) return
    const held = (this.#backlog * left) / (this.servers.serving + left)
    const needsMs = (1000 * held) / (left * server.capacity) + lastAnswerMs(server)
    const takesMs = Math.min(drainMs, needsMs)
    this.#backlog -= held
    this.#dropped += held * (1 - takesMs / needsMs)
    this.#serverMs += left * takesMs
  }

  /** What its servers held is lost. */
  #loseZone(): void {
    const { zoneLoss, stepMs } = this.#spec
    if (zoneLoss === undefined || this.#now < zoneLoss.atMs || this.#now >= zoneLoss.atMs + stepMs) return
    const before = this.servers.serving
    if (before === 0) return
    const lost = this.servers.loseZone(zoneLoss.zones) / before
    this.#dropped += lost * Math.max(this.#backlog, this.#inFlight)
    this.#backlog *= 1 - lost
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

/** How long the last of the requests that a full server works on takes, in the mean: exponential times, the longest of `slots`. */
function lastAnswerMs({ slots, capacity }: ServerShape): Millis {
  let harmonic = 0
  for (let slot = 1; slot <= slots; slot++) harmonic += 1 / slot
  return (1000 * slots * harmonic) / capacity
}
