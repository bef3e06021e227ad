import { randomInt } from 'node:crypto'
import { SERVED, UNKNOWN } from '../../balancing/health.ts'
import type { BalancerSpec, Member, MemberSpec } from '../../core/balancer.ts'
import { canonical } from '../../core/canonical.ts'
import type { GatewayStats, GatewayStatus } from '../../core/control.ts'
import { Fault, messageOf } from '../../core/fault.ts'
import { hash64 } from '../../core/hash.ts'
import { platformOf } from '../../core/platform.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { Logger, Millis } from '../../core/time.ts'
import { createLanes, LaneReader, Weights } from '../lanes.ts'
import { type Bound, compose } from './compose.ts'
import { type ControlServer, openControl } from './control-server.ts'
import { load, save, savedPath } from './disk.ts'
import { type Keychain, NO_KEYS } from './keychain.ts'
import { isSame, Keys } from './keys.ts'
import { Meter } from './meter.ts'
import { Names } from './names.ts'
import { findPorts, findPortsAgain } from './ports.ts'
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
} from './roster.ts'
import { SlotBook } from './slot-book.ts'
import { gatewayStats, membersOf, type Sources } from './stats.ts'
import { newVitals } from './vitals.ts'
import { Watchman } from './watchman.ts'
import { type ListenFailure, Workers } from './workers.ts'

const TICK_MS = 100
/** A member's admission is written down so late at most. */
const SAVE_MS = 500

export interface GatewayOptions {
  /** Where `gateway.json` is. */
  readonly stateDir: string
  /** The control socket. */
  readonly controlPath: string
  /** Threads that carry traffic. */
  readonly workers: number
  readonly log: Logger
  /** Another module to run as worker; tests use it to make one fail. */
  readonly workerEntry?: URL
}

export interface GatewayHandle {
  readonly controlPath: string
  /** Resolves when it has been stopped, by `stop` or over the control socket. */
  readonly stopped: Promise<void>
  /** Stops accepting, waits up to `drainMs` for requests in flight, and closes everything. */
  stop(drainMs: Millis): Promise<void>
}

/** What is in force; replaced whole, so that a change that fails is undone by the old one. */
interface Served {
  readonly roster: Roster
  readonly bound: Bound
  readonly keys: Keychain
  /** null = not all of the specification is in force. */
  readonly specHash: string | null
}

/** Starts a gateway. With a `gateway.json` it serves by that at once. Throws Fault when another one has the control socket. */
export async function startGateway(options: GatewayOptions): Promise<GatewayHandle> {
  const gateway = new Gateway(options)
  await gateway.start()
  return {
    controlPath: options.controlPath,
    stopped: gateway.stopped,
    stop: (drainMs) => gateway.stop(drainMs),
  }
}

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
  readonly #serversOf = (server: MemberSpec) => this.#names.serversOf(server)
  readonly #path: string
  readonly #startedAt = now()
  readonly stopped: Promise<void>
  #resolveStopped = () => {}
  #served: Served = { roster: EMPTY, bound: {}, keys: NO_KEYS, specHash: null }
  /** What every worker has acknowledged: what `status` may tell others to rely on. */
  #inForce: Served = this.#served
  #epoch = 0
  #snapshot: Snapshot = compose(0, this.#served, { pool: () => 0, listener: () => 0, trafficClass: () => 0 })
  #control: ControlServer | null = null
  #queue: Promise<unknown> = Promise.resolve()
  #stopping: Promise<void> | null = null
  #ticker: NodeJS.Timeout | null = null
  #saveTimer: NodeJS.Timeout | null = null

  constructor(options: GatewayOptions) {
    const { stateDir, workers, log } = options
    const buffers = createLanes(workers, randomInt(2 ** 31))
    this.#options = options
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
    this.stopped = new Promise((resolve) => {
      this.#resolveStopped = resolve
    })
  }

  async start(): Promise<void> {
    const { controlPath, log } = this.#options
    const started = Promise.withResolvers<void>()
    this.#queue = started.promise
    this.#control = await openControl(controlPath, this, log)
    await this.#restore().catch((error) => {
      log.error(`the last state cannot be restored, starting empty: ${messageOf(error)}`)
    })
    await this.#workers.start()
    this.#inForce = this.#served
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
    started.resolve()
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

  stop(drainMs: Millis): Promise<void> {
    this.#stopping ??= this.#stop(drainMs)
    return this.#stopping
  }

  /** One change at a time, and none for a controller that has been replaced. */
  #change(epoch: number, apply: () => Promise<void>): Promise<void> {
    const result = this.#queue.then(() => {
      if (this.#stopping) {
        throw new Fault('balancer.unreachable', 'the gateway is stopping', { source: 'user', retry: 'yes' })
      }
      if (epoch < this.#epoch) {
        const message = `epoch ${epoch} is over; ${this.#epoch} has claimed this gateway`
        throw new Fault('balancer.stale-epoch', message, { source: 'internal', retry: 'no' })
      }
      this.#epoch = epoch
      // Not before the change has held or been undone: what is in force again must have its slots still.
      return apply().finally(() => this.#slots.keep(this.#served.roster, this.#snapshot.version))
    })
    this.#queue = result.catch(() => {})
    return result
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
      const message = `listener ${failure.listener}: ${failure.message}`
      throw new Fault('port.taken', message, { source: 'user', retry: 'yes' })
    }
    this.#keys.follow(spec)
    await this.#save()
    const gone = slotsWithout(before.roster, roster)
    if (gone.length > 0) await this.#workers.closeIdle(gone)
  }

  /** Names have other addresses now: who is gone gets no new requests, and finishes those it has. */
  #rename(): void {
    this.#queue = this.#queue
      .then(async () => {
        const before = this.#served.roster
        if (this.#stopping || before.spec === null) return
        await this.#remember(configured(before, before.spec, this.#enrol(UNKNOWN), this.#serversOf))
        const gone = slotsWithout(before, this.#served.roster)
        if (gone.length > 0) await this.#workers.closeIdle(gone)
        this.#slots.keep(this.#served.roster, this.#snapshot.version)
      })
      .catch((error) => this.#options.log.error(`new addresses cannot be served: ${messageOf(error)}`))
  }

  /** The files of TLS have changed: connections go on, new ones see the new certificates. */
  #renew(): Promise<void> {
    const renewed = this.#queue.then(async () => {
      const { roster, keys } = this.#served
      if (this.#stopping || roster.spec === null) return
      const renewed = await this.#keys.reread(roster.spec, keys)
      if (isSame(renewed, keys)) return
      await this.#serve({ ...this.#served, keys: renewed })
      this.#options.log.info('certificates have been read again')
    })
    this.#queue = renewed.catch((error) => {
      this.#options.log.error(`certificates cannot be renewed: ${messageOf(error)}`)
    })
    return this.#queue.then(() => {})
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
    this.#snapshot = compose(this.#snapshot.version + 1, served, this.#slots)
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
    const free = await findPortsAgain(spec, bound, (fault) => log.error(fault.message))
    const known = new Set(members.filter((member) => member.served).map(keyOf))
    const enrol: Enrol = (pool, member) =>
      this.#enrol(known.has(keyOf({ ...member, pool })) ? SERVED : UNKNOWN)(pool, member)
    let roster = configured(EMPTY, spec, enrol, this.#serversOf)
    for (const [pool, its] of Map.groupBy(members, (member) => member.pool)) {
      const wanted = its.map(({ id, address, weight }) => ({ id, address, weight }))
      roster = withMembers(roster, pool, wanted, enrol)
    }
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
      this.#queue = this.#queue
        .then(() => this.#save())
        .catch((error) => this.#options.log.error(`the state cannot be saved: ${messageOf(error)}`))
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
    this.#watchman.close()
    this.#keys.close()
    this.#names.close()
    await this.#workers.drain(drainMs)
    if (this.#ticker) clearInterval(this.#ticker)
    if (this.#saveTimer) clearTimeout(this.#saveTimer)
    await this.#queue
    await this.#control?.close()
    this.#resolveStopped()
  }

  #sources(): Sources {
    return {
      roster: this.#served.roster,
      reader: this.#reader,
      meter: this.#meter,
      slots: this.#slots,
      panic: this.#watchman.panic,
      certificates: this.#served.keys.certificates,
    }
  }
}

function keyOf(member: { pool: string; id: string; address: string }): string {
  return `${member.pool}\n${member.id}\n${member.address}`
}

/** Wall time at the process's start plus monotonic time since: it never goes back. */
function now(): Millis {
  return performance.timeOrigin + performance.now()
}

/** The worker's module, as source or compiled. */
function workerEntry(): URL {
  return new URL(`../worker/entry.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
}
