import { eject, isEjected, isOutlier, mayEject, observeFailures } from '../../balancing/outlier.ts'
import type { HealthSpec, ProbeNote } from '../../core/balancer.ts'
import type { Logger, Millis, Rng } from '../../core/time.ts'
import type { LaneReader, Weights } from '../lanes.ts'
import { Checks } from './checks.ts'
import { EMPTY, type Entry, entriesOf, type Roster } from './roster.ts'
import { admittance, noteProbe, stateOf } from './vitals.ts'
import { publishWeights } from './weigh.ts'

export interface WatchmanOptions {
  readonly reader: LaneReader
  readonly weights: Weights
  readonly lanes: number
  readonly now: () => Millis
  readonly rng: Rng
  readonly log: Logger
  /** A member was admitted, or is unhealthy: what a restart must know has changed. */
  readonly onServingChange: () => void
}

/** Knows who is fit to serve: probes, watches connects fail, and publishes the weights that follow. */
export class Watchman {
  readonly #options: WatchmanOptions
  readonly #checks: Checks
  #roster: Roster = EMPTY
  #panic: ReadonlySet<string> = new Set()
  #stale = true

  constructor(options: WatchmanOptions) {
    this.#options = options
    this.#checks = new Checks({
      now: options.now,
      rng: options.rng,
      isSuspect: (vitals) => this.failures(vitals.memberSlot) > vitals.outlier.seen,
      onResult: (entry, rules, note) => this.#probed(entry, rules, note),
    })
  }

  get panic(): ReadonlySet<string> {
    return this.#panic
  }

  /** Members that are gone get no traffic from here on, whatever snapshot a worker still has. */
  follow(roster: Roster): void {
    const kept = new Set(entriesOf(roster).map((entry) => entry.vitals))
    for (const entry of entriesOf(this.#roster)) {
      if (!kept.has(entry.vitals)) this.#options.weights.set(entry.vitals.memberSlot, 0)
    }
    this.#roster = roster
    this.#checks.follow(roster)
    this.#publish()
  }

  /** Connect failures in a row, summed over workers. */
  failures(memberSlot: number): number {
    let sum = 0
    for (let lane = 0; lane < this.#options.lanes; lane++) {
      sum += this.#options.reader.failuresInRow(lane, memberSlot)
    }
    return sum
  }

  /** Called every 100 ms. */
  tick(): void {
    for (const pool of this.#roster.pools.values()) {
      for (const entry of pool.values()) this.#look(entry, pool)
    }
    if (this.#stale) this.#publish()
  }

  close(): void {
    this.#checks.close()
  }

  #look(entry: Entry, pool: ReadonlyMap<string, Entry>): void {
    const { vitals } = entry
    const now = this.#options.now()
    const failures = this.failures(vitals.memberSlot)
    vitals.outlier = observeFailures(vitals.outlier, failures)
    if (failures > vitals.outlier.seen && !isEjected(vitals.outlier, now)) this.#checks.hurry(vitals)
    if (isOutlier(vitals.outlier, failures) && admittance(vitals, now) === 'healthy') {
      this.#considerEjection(entry, [...pool.values()], failures)
    }
    this.#noteState(entry)
  }

  #considerEjection(entry: Entry, pool: readonly Entry[], failures: number): void {
    const now = this.#options.now()
    const healthy = pool.filter(
      ({ member, vitals }) => member.weight > 0 && vitals.health.state === 'healthy',
    )
    const ejected = healthy.filter(({ vitals }) => isEjected(vitals.outlier, now))
    if (!mayEject(ejected.length, healthy.length)) return
    entry.vitals.outlier = eject(entry.vitals.outlier, failures, now)
    this.#checks.hurry(entry.vitals)
  }

  #probed(entry: Entry, rules: HealthSpec, note: ProbeNote): void {
    const served = entry.vitals.health.state
    noteProbe(entry.vitals, rules, note, this.failures(entry.vitals.memberSlot))
    if (entry.vitals.health.state !== served) this.#options.onServingChange()
    this.#noteState(entry)
    if (this.#stale) this.#publish()
  }

  #noteState(entry: Entry): void {
    const { vitals, member } = entry
    const now = this.#options.now()
    const state = stateOf(vitals, member.weight, now)
    if (state === vitals.state) return
    this.#options.log.info(`member ${member.id} of pool ${entry.pool}: ${vitals.state} -> ${state}`, {
      lastProbe: vitals.probes.at(-1)?.detail,
    })
    vitals.state = state
    vitals.sinceAt = now
    this.#stale = true
  }

  #publish(): void {
    const { weights, now, log } = this.#options
    for (const entry of entriesOf(this.#roster)) this.#noteState(entry)
    const { panic, ramping } = publishWeights(this.#roster, weights, now())
    for (const pool of panic) {
      if (!this.#panic.has(pool))
        log.warn(`pool ${pool}: too few members are healthy; all that serve are used`)
    }
    this.#panic = panic
    this.#stale = ramping
  }
}
