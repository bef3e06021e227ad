import { eject, isEjected, isOutlier, mayEject, observe, type Rows } from '../../../balancing/outlier.ts'
import type { PoolSpec, ProbeNote } from '../../../core/balancer.ts'
import type { HealthSpec } from '../../../core/health.ts'
import { OUTLIER, type OutlierSpec } from '../../../core/outlier.ts'
import type { Logger, Millis, Rng } from '../../../core/time.ts'
import type { WeightSpec } from '../../../core/weights.ts'
import type { LaneReader } from '../../lanes.ts'
import type { Weights } from '../../weights.ts'
import { EMPTY, type Entry, entriesOf, type Roster } from '../members/roster.ts'
import { admittance, noteProbe, stateOf } from '../members/vitals.ts'
import { Biases } from './biases.ts'
import { Checks } from './checks.ts'
import { SuccessRates } from './success-rates.ts'
import { publishWeights } from './weigh.ts'

const ROUND_LOOK_MS = 50

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
  readonly #courts = new Map<string, SuccessRates>()
  /** Of pools whose weights follow a policy. */
  readonly #biases = new Map<string, Biases>()

  constructor(options: WatchmanOptions) {
    this.#options = options
    this.#checks = new Checks({
      now: options.now,
      rng: options.rng,
      isSuspect: (vitals) =>
        this.rows(vitals.memberSlot).connectFailures > vitals.outlier.seen.connectFailures,
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
    for (const name of this.#courts.keys()) if (!roster.pools.has(name)) this.#courts.delete(name)
    for (const name of this.#biases.keys()) if (!this.#specOf(name)?.weights) this.#biases.delete(name)
    for (const { name, weights } of roster.spec?.pools ?? []) {
      if (weights && !this.#biases.has(name)) this.#biases.set(name, new Biases(this.#options.reader))
    }
    this.#checks.follow(roster)
    this.#publish()
  }

  /** What has gone wrong in a row, summed over workers. */
  rows(memberSlot: number): Rows {
    const { reader, lanes } = this.#options
    let [connectFailures, errors] = [0, 0]
    for (let lane = 0; lane < lanes; lane++) {
      connectFailures += reader.failuresInRow(lane, memberSlot)
      errors += reader.errorsInRow(lane, memberSlot)
    }
    return { connectFailures, errors }
  }

  /** Called every 100 ms. */
  tick(): void {
    for (const [name, pool] of this.#roster.pools) {
      const { outlier: spec = OUTLIER, weights } = this.#specOf(name) ?? {}
      for (const entry of pool.values()) this.#look(entry, pool, spec)
      if (spec.successRate) this.#judge(name, [...pool.values()], spec)
      if (weights) this.#weigh(name, [...pool.values()], weights)
    }
    if (this.#stale) this.#publish()
  }

  /** Resolves when every member has been probed, or after `withinMs`. */
  async round(withinMs: Millis): Promise<void> {
    const { now } = this.#options
    const deadline = now() + withinMs
    const isOver = () => entriesOf(this.#roster).every(({ vitals }) => vitals.probes.length > 0)
    while (!isOver() && now() < deadline) await new Promise((done) => setTimeout(done, ROUND_LOOK_MS))
  }

  close(): void {
    this.#checks.close()
  }

  #specOf(pool: string): PoolSpec | undefined {
    return this.#roster.spec?.pools.find(({ name }) => name === pool)
  }

  /** Whoever is out for a while keeps what was learned of it. */
  #weigh(name: string, pool: readonly Entry[], spec: WeightSpec): void {
    const slots = pool.map(({ vitals }) => vitals.memberSlot)
    if (this.#biases.get(name)?.look(slots, spec, this.#options.now())) this.#stale = true
  }

  #look(entry: Entry, pool: ReadonlyMap<string, Entry>, spec: OutlierSpec): void {
    const { vitals } = entry
    const now = this.#options.now()
    const rows = this.rows(vitals.memberSlot)
    vitals.outlier = observe(vitals.outlier, rows)
    const { seen } = vitals.outlier
    if (rows.connectFailures > seen.connectFailures && !isEjected(vitals.outlier, now))
      this.#checks.hurry(vitals)
    if (isOutlier(vitals.outlier, rows, spec) && admittance(vitals, now) === 'healthy') {
      this.#considerEjection(entry, [...pool.values()], spec)
    }
    this.#noteState(entry)
  }

  /** Whose answers have been so much worse than the others' in the last interval. */
  #judge(name: string, pool: readonly Entry[], spec: OutlierSpec): void {
    const court = this.#courts.get(name) ?? new SuccessRates(this.#options.reader)
    this.#courts.set(name, court)
    const now = this.#options.now()
    for (const slot of court.failing(
      pool.map(({ vitals }) => vitals.memberSlot),
      now,
    )) {
      const entry = pool.find(({ vitals }) => vitals.memberSlot === slot)
      if (entry && admittance(entry.vitals, now) === 'healthy') this.#considerEjection(entry, pool, spec)
    }
  }

  #considerEjection(entry: Entry, pool: readonly Entry[], spec: OutlierSpec): void {
    const now = this.#options.now()
    const healthy = pool.filter(
      ({ member, vitals }) => member.weight > 0 && vitals.health.state === 'healthy',
    )
    const ejected = healthy.filter(({ vitals }) => isEjected(vitals.outlier, now))
    if (!mayEject(ejected.length, healthy.length, spec.share)) return
    const rows = this.rows(entry.vitals.memberSlot)
    entry.vitals.outlier = eject(entry.vitals.outlier, rows, spec, { now, chance: this.#options.rng() })
    this.#checks.hurry(entry.vitals)
  }

  #probed(entry: Entry, rules: HealthSpec, note: ProbeNote): void {
    const served = entry.vitals.health.state
    noteProbe(entry.vitals, rules, note, this.rows(entry.vitals.memberSlot))
    if (entry.vitals.health.state !== served) this.#options.onServingChange()
    this.#noteHopeless(entry, rules, note)
    this.#noteState(entry)
    if (this.#stale) this.#publish()
  }

  /** Once, and not of servers that a fleet has just started: these may take their time. */
  #noteHopeless({ vitals, member, pool, fileWeight }: Entry, rules: HealthSpec, note: ProbeNote): void {
    const { state, against } = vitals.health
    if (state !== 'checking' || against !== rules.unhealthy || fileWeight === null) return
    this.#options.log.warn(`member ${member.id} of pool ${pool} has passed no check yet: ${note.detail}`)
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
    const { panic, ramping } = publishWeights(this.#roster, weights, this.#biases, now())
    for (const pool of panic) {
      if (!this.#panic.has(pool))
        log.warn(`pool ${pool}: too few members are healthy; all that serve are used`)
    }
    this.#panic = panic
    this.#stale = ramping
  }
}
