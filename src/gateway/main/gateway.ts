import { randomInt } from 'node:crypto'
import { SERVED, UNKNOWN } from '../../balancing/health.ts'
import type { BalancerSpec, Member, MemberSpec } from '../../core/balancer.ts'
import type { Purge, PurgeResult } from '../../core/cache.ts'
import { canonical } from '../../core/canonical.ts'
import type { GatewayStats, GatewayStatus } from '../../core/control.ts'
import { Fault, messageOf } from '../../core/fault.ts'
import { hash64 } from '../../core/hash.ts'
import { platformOf } from '../../core/platform.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { Millis } from '../../core/time.ts'
import { createLanes, LaneReader } from '../lanes.ts'
import { Weights } from '../weights.ts'
import { Control } from './control/control-server.ts'
import { Watchman } from './health/watchman.ts'
import { NO_KEYS } from './keys/keychain.ts'
import { isSame, Keys } from './keys/keys.ts'
import { Meter } from './measures/meter.ts'
import { gatewayStats, membersOf, type Sources } from './measures/stats.ts'
import { Names } from './members/names.ts'
import {
  configured,
  EMPTY,
  type Enrol,
  entriesOf,
  poolOf,
  type Roster,
  slotsWithout,
  withMembers,
  withoutMembers,
} from './members/roster.ts'
import { SlotBook } from './members/slot-book.ts'
import { newVitals } from './members/vitals.ts'
import type { GatewayOptions } from './options.ts'
import { findPorts, findPortsAgain, portTaken } from './ports/ports.ts'
import { now, workerEntry } from './process.ts'
import { compose } from './state/compose.ts'
import { load, save, savedPath } from './state/disk.ts'
import { rosterOf } from './state/restored.ts'
import type { Served } from './state/served.ts'
import { Former } from './upgrade/former.ts'
import type { Inheritance } from './upgrade/hand-over.ts'
import { STOPPING, Succession } from './upgrade/succession.ts'
import { type ListenFailure, Workers } from './workers.ts'

const TICK_MS = 100
/** A successor is ready after a round of checks, and not later than this. */
const ROUND_MS = 15_000
/** A member's admission is written down so late at most. */
const SAVE_MS = 500

/** The main thread: holds what is wanted, knows who is fit, and tells the workers. Changes happen one after another. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #reader: LaneReader
  readonly #slots: SlotBook
  readonly #workers: Workers
  readonly #watchman: Watchman
  readonly #meter: Meter
  readonly #keys: Keys
  readonly #names: Names
  readonly #succession: Succession
  readonly #serversOf = (server: MemberSpec) => this.#names.serversOf(server)
  readonly #path: string
  readonly #startedAt = now()
  readonly stopped: Promise<void>
  readonly #stopped = Promise.withResolvers<void>()
  #served: Served = { roster: EMPTY, bound: {}, keys: NO_KEYS, specHash: null }
  /** What every worker has acknowledged: what `status` may tell others to rely on. */
  #inForce: Served = this.#served
  #epoch = 0
  #snapshot: Snapshot = compose(0, this.#served, { pool: () => 0, listener: () => 0, trafficClass: () => 0 })
  readonly #control: Control
  /** A successor takes no connection before its predecessor gives way. */
  #listens: boolean
  #queue: Promise<unknown> = Promise.resolve()
  #stopping: Promise<void> | null = null
  #former: Former | null = null
  #ticker: NodeJS.Timeout | null = null
  #saveTimer: NodeJS.Timeout | null = null

  constructor(options: GatewayOptions) {
    const { stateDir, workers, log } = options
    const buffers = createLanes(workers, (below) => randomInt(below))
    this.#options = options
    this.#listens = options.inheritance === undefined
    this.#control = new Control(this, log)
    this.#succession = new Succession(options, this.#control)
    this.#path = savedPath(stateDir)
    this.#reader = new LaneReader(buffers)
    this.#slots = new SlotBook(this.#reader)
    this.#meter = new Meter(this.#reader, now())
    this.#names = new Names({ log, onChange: () => this.#rename() })
    this.#keys = new Keys({ stateDir, log, onChange: () => this.#renew() })
    this.#workers = new Workers({
      count: workers,
      reusePort: platformOf(process.platform).sharedPorts,
      entry: options.workerEntry ?? workerEntry(),
      buffers,
      reader: this.#reader,
      snapshot: () => this.#snapshot,
      ...(options.inheritance && { inherited: options.inheritance.sockets }),
      now,
      log,
    })
    this.#watchman = new Watchman({
      reader: this.#reader,
      weights: new Weights(buffers),
      lanes: workers,
      now,
      rng: Math.random,
      log,
      onServingChange: () => this.#saveSoon(),
    })
    this.stopped = this.#stopped.promise
  }

  async start(): Promise<void> {
    const { controlPath, inheritance, log } = this.#options
    const started = Promise.withResolvers<void>()
    this.#queue = started.promise
    if (!inheritance) await this.#control.open(controlPath)
    await this.#restore().catch((error) => {
      log.error(`the last state cannot be restored, starting empty: ${messageOf(error)}`)
    })
    await this.#workers.start()
    this.#inForce = this.#served
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
    if (inheritance) await this.#succeed(inheritance)
    started.resolve()
  }

  /** Gets ready beside the former gateway, and serves when that gives way, or is gone. */
  async #succeed({ ready, go, formerPath }: Inheritance): Promise<void> {
    const { controlPath, log } = this.#options
    await Promise.race([this.#watchman.round(ROUND_MS), go])
    ready()
    await go
    await this.#control.open(controlPath)
    this.#listens = true
    await this.#serve(this.#served)
    const pools = () => [...this.#served.roster.pools.keys()]
    this.#former = new Former(formerPath, { pools, log })
  }

  /** Resolves with its successor's process when that serves; this gateway ends with its last connection then. Throws Fault: nothing has
   *  changed. */
  upgrade(drainMs: Millis): Promise<{ readonly pid: number }> {
    return this.#inTurn(() => this.#upgrade(drainMs))
  }

  /** One thing after another. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => {})
    return result
  }

  async #upgrade(drainMs: Millis): Promise<{ readonly pid: number }> {
    if (this.#stopping) throw STOPPING
    await this.#save()
    const pid = await this.#succession.giveWay(this.#workers)
    this.#stopping = this.#end(drainMs, true)
    return { pid }
  }

  status(): GatewayStatus {
    return {
      pid: process.pid,
      startedAt: this.#startedAt,
      epoch: this.#epoch,
      snapshotVersion: this.#snapshot.version,
      workers: this.#workers.status(),
      specHash: this.#inForce.specHash,
      bound: this.#inForce.bound,
      pools: [...this.#inForce.roster.pools.keys()],
    }
  }

  members(pool: string): Member[] {
    return membersOf(this.#sources(), poolOf(this.#served.roster, pool).values())
  }

  stats(windowMs: Millis): GatewayStats {
    return gatewayStats(this.#sources(), windowMs, now())
  }

  claim(epoch: number): Promise<void> {
    return this.#change(epoch, () => this.#save())
  }

  configure(epoch: number, spec: BalancerSpec): Promise<void> {
    return this.#change(epoch, () => this.#configure(spec))
  }

  put(epoch: number, pool: string, members: readonly MemberSpec[]): Promise<void> {
    return this.#change(epoch, async () => {
      await this.#remember(withMembers(this.#served.roster, pool, members, this.#enrol(UNKNOWN)))
    })
  }

  drop(epoch: number, pool: string, ids: readonly string[]): Promise<void> {
    return this.#change(epoch, async () => {
      const before = poolOf(this.#served.roster, pool)
      const slots = ids.flatMap((id) => before.get(id)?.vitals.serverSlot ?? [])
      await this.#remember(withoutMembers(this.#served.roster, pool, ids))
      if (slots.length > 0) await this.#workers.closeIdle(slots)
    })
  }

  async purge(what: Purge): Promise<PurgeResult> {
    return { forgotten: await this.#workers.purge(what) }
  }

  stop(drainMs: Millis): Promise<void> {
    this.#succession.giveUp()
    if (this.#stopping) void this.#workers.drain(drainMs)
    this.#stopping ??= this.#stop(drainMs)
    return this.#stopping
  }

  /** One change at a time, and none for a controller that has been replaced. */
  #change(epoch: number, apply: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#stopping) throw STOPPING
      if (epoch < this.#epoch) {
        const message = `epoch ${epoch} is over; ${this.#epoch} has claimed this gateway`
        throw new Fault('balancer.stale-epoch', message, { source: 'internal', retry: 'no' })
      }
      this.#epoch = epoch
      // Not before the change has held or been undone: what is in force again must have its slots still.
      await apply().finally(() => this.#slots.keep(this.#served.roster, this.#snapshot.version))
    })
  }

  async #configure(spec: BalancerSpec): Promise<void> {
    const before = this.#served
    const bound = await findPorts(spec, before.roster.spec, before.bound)
    const keys = await this.#keys.read(spec)
    await this.#names.follow(spec)
    const roster = configured(before.roster, spec, this.#enrol(UNKNOWN), this.#serversOf)
    const [failure] = await this.#serve({ roster, bound, keys, specHash: hash64(canonical(spec)) })
    if (failure) {
      await this.#serve(before)
      throw portTaken(failure)
    }
    this.#keys.follow(spec)
    await this.#save()
    const gone = slotsWithout(before.roster, roster)
    if (gone.length > 0) await this.#workers.closeIdle(gone)
  }

  /** Names have other addresses now: who is gone gets no new requests, and finishes those it has. */
  #rename(): void {
    const { log } = this.#options
    void this.#inTurn(async () => {
      const before = this.#served.roster
      if (this.#stopping || before.spec === null) return
      await this.#remember(configured(before, before.spec, this.#enrol(UNKNOWN), this.#serversOf))
      const gone = slotsWithout(before, this.#served.roster)
      if (gone.length > 0) await this.#workers.closeIdle(gone)
      this.#slots.keep(this.#served.roster, this.#snapshot.version)
    }).catch((error) => log.error(`new addresses cannot be served: ${messageOf(error)}`))
  }

  /** The files of TLS have changed: connections go on, new ones see the new certificates. */
  #renew(): Promise<void> {
    const { log } = this.#options
    return this.#inTurn(async () => {
      const { roster, keys } = this.#served
      if (this.#stopping || roster.spec === null) return
      const renewed = await this.#keys.reread(roster.spec, keys)
      if (isSame(renewed, keys)) return
      await this.#serve({ ...this.#served, keys: renewed })
      log.info('certificates have been read again')
    }).catch((error) => log.error(`certificates cannot be renewed: ${messageOf(error)}`))
  }

  async #remember(roster: Roster): Promise<void> {
    await this.#serve({ ...this.#served, roster })
    await this.#save()
  }

  /** Resolves when every worker serves by it, with the listeners that could not be opened. */
  async #serve(served: Served): Promise<readonly ListenFailure[]> {
    this.#install(served)
    const failures = await this.#workers.serve(this.#snapshot)
    this.#inForce = served
    return failures
  }

  #install(served: Served): void {
    const { roster } = served
    const composed = compose(this.#snapshot.version + 1, served, this.#slots)
    this.#snapshot = this.#listens ? composed : { ...composed, listeners: [] }
    this.#served = served
    this.#watchman.follow(roster)
  }

  /** What was served is served again, before its first probes have come back. */
  async #restore(): Promise<void> {
    const saved = await load(this.#path)
    if (!saved) return
    const { spec, bound, members, names = {} } = saved
    const { log } = this.#options
    this.#epoch = saved.epoch
    if (!spec) return
    this.#names.remember(names)
    // What the former gateway listens on is no longer free, and ours already.
    const free = this.#options.inheritance
      ? bound
      : await findPortsAgain(spec, bound, (fault) => log.error(fault.message))
    const roster = rosterOf(
      { ...saved, spec },
      {
        enrol: (served) => this.#enrol(served ? SERVED : UNKNOWN),
        serversOf: this.#serversOf,
      },
    )
    // A controller that finds no hash configures anew, and hears of the ports that are missing.
    const keys = await this.#keys.reread(spec, NO_KEYS)
    const whole = spec.listeners.every(({ name, tls }) => free[name] && (!tls || keys.listeners[name]))
    this.#install({ roster, bound: free, keys, specHash: whole ? hash64(canonical(spec)) : null })
    this.#keys.follow(spec)
    log.info(`serving the last state: ${members.length} members in ${roster.pools.size} pools`)
  }

  #enrol(health: typeof SERVED): Enrol {
    return (pool, member) => {
      const serverSlot = this.#slots.server(member)
      const memberSlot = this.#slots.member(pool, member)
      const rows = this.#watchman.rows(memberSlot)
      return newVitals({ serverSlot, memberSlot }, { health, rows, now: now() })
    }
  }

  #save(): Promise<void> {
    return save(this.#path, {
      epoch: this.#epoch,
      spec: this.#served.roster.spec,
      bound: this.#served.bound,
      names: this.#names.known(),
      members: entriesOf(this.#served.roster).map(({ pool, member, vitals }) => ({
        ...member,
        pool,
        served: vitals.health.state === 'healthy',
      })),
    })
  }

  #saveSoon(): void {
    this.#saveTimer ??= setTimeout(() => {
      this.#saveTimer = null
      // A successor writes it once this gateway has given way.
      void this.#inTurn(async () => {
        if (!this.#stopping) await this.#save()
      }).catch((error) => this.#options.log.error(`the state cannot be saved: ${messageOf(error)}`))
    }, SAVE_MS)
  }

  #tick(): void {
    this.#watchman.tick()
    const { roster } = this.#served
    this.#meter.sample(roster, (pool) => this.#slots.pool(pool), now())
    this.#slots.reclaim(this.#workers.acknowledged)
  }

  async #stop(drainMs: Millis): Promise<void> {
    // The start, or a change under way, would begin again what is ended here.
    await this.#queue
    await this.#former?.stop(drainMs)
    await this.#end(drainMs, false)
  }

  async #end(drainMs: Millis, gentle: boolean): Promise<void> {
    this.#watchman.close()
    this.#keys.close()
    this.#names.close()
    this.#former?.close()
    // A successor writes the state from now on.
    if (this.#saveTimer) clearTimeout(this.#saveTimer)
    await this.#workers.drain(drainMs, gentle)
    if (this.#ticker) clearInterval(this.#ticker)
    await this.#queue
    await this.#control.close()
    this.#stopped.resolve()
  }

  #sources(): Sources {
    return {
      roster: this.#served.roster,
      reader: this.#reader,
      meter: this.#meter,
      slots: this.#slots,
      panic: this.#watchman.panic,
      certificates: this.#served.keys.certificates,
      former: this.#former,
    }
  }
}
