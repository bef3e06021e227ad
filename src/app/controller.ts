import { startApi } from '../api/server.ts'
import { loadSettings } from '../config/load.ts'
import { errorLines, startLines } from '../config/problems.ts'
import { createHistoryDesk } from '../controller/history-desk.ts'
import { createOrders } from '../controller/orders.ts'
import { createQueries } from '../controller/queries.ts'
import type { Orders } from '../core/admin.ts'
import type { Bind } from '../core/balancer.ts'
import { canonical } from '../core/canonical.ts'
import { Fault, messageOf } from '../core/fault.ts'
import { hash64 } from '../core/hash.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import type { Store } from '../core/store.ts'
import { checkTokens, openAccess } from './access.ts'
import { Balancers } from './balancers.ts'
import { costReport } from './cost-report.ts'
import { FleetRun, type Shared } from './fleet-run.ts'
import { forgetFleet, leavingFleets, movedFleets, writeFleets } from './fleets.ts'
import { LateFleets } from './late-fleets.ts'
import { LeftBalancers } from './left-balancers.ts'
import { listenerBinds, takenPorts } from './preflight.ts'
import { keepRotated } from './rotation.ts'
import { Shadows } from './shadows.ts'
import { nap } from './supervisor.ts'
import { untilStopped } from './until-stopped.ts'
import { packageVersion } from './version.ts'
import { watchFiles } from './watch.ts'

const STATS_WINDOW_MS = 5_000
const STATS_MS = 2_000
const LOOK_MS = 200
const LEAVE_MS = 1_000
const FIRST_MS = 5_000
/** In whose name files are loaded that have changed. */
const WATCH = 'file watch'
const NEVER = new AbortController().signal

/** The controller: a loop a fleet, a loop for the balancer, and the admin API over them. */
export class Controller {
  readonly orders: Orders
  readonly #shared: Shared
  readonly #quit = new AbortController()
  readonly #fleets = new Map<string, FleetRun>()
  readonly #balancers: Balancers
  readonly #left: LeftBalancers
  readonly #late: LateFleets
  #settings: Settings
  #api: Awaited<ReturnType<typeof startApi>> | null = null
  #changing: Promise<void> = Promise.resolve()
  #stopping = false
  /** Whatever the configuration depends on. */
  #files: readonly string[]
  /** Why the last file was refused; null = it was not. */
  #refusal: string | null = null

  constructor(settings: Settings, shared: Omit<Shared, 'balancers' | 'shadows'>) {
    this.#settings = settings
    this.#files = [shared.file]
    const { host, store, gateway } = shared
    this.#balancers = new Balancers(settings, gateway, shared)
    this.#left = new LeftBalancers(settings, host, store)
    const open = (spec: FleetSpec, isWanted: () => boolean) =>
      this.#exclusively(async () => {
        if (isWanted()) await this.#change(spec)
      })
    this.#late = new LateFleets({ ...host, ...shared, signal: this.#quit.signal, open })
    const shadows = new Shadows(settings.stateDir, shared)
    this.#shared = { ...shared, balancers: this.#balancers, shadows }
    this.orders = createOrders({
      ...this.#loops(),
      store,
      clock: host.clock,
      purge: (what) => shared.gateway.purge(what, NEVER),
      reload: (by) => this.#exclusively(() => this.#reload(by)),
      startShadow: (sent, by) =>
        this.#exclusively(() => this.#shade(() => shadows.start(sent, by, this.#settings))),
      stopShadow: (by) => this.#exclusively(() => this.#shade(() => shadows.stop(by))),
    })
  }

  /** Starts the loops and the API. Throws Fault, `port.taken` among them. */
  async start(): Promise<Bind> {
    const { host, store, history, onDefect } = this.#shared
    const { file, stateDir, admin, fleets } = this.#settings
    const version = packageVersion()
    const about = () => ({
      version,
      installation: host.installation,
      stateDir,
      config: file,
      revision: hash64(canonical(this.#settings)),
      pid: process.pid,
    })
    const { clock } = host
    const moved = movedFleets(this.#settings)
    if (moved.length > 0) throw invalid(moved.join('\n'))
    await this.#shared.sources.replace(this.#settings.sources)
    const queries = createQueries({
      ...this.#loops(),
      store,
      history,
      clock,
      costOf: (fleet, range) => costReport(fleet, history, range, clock.now()),
      stats: () => this.#stats(),
      leftBalancers: () => this.#left.summaries,
      late: this.#late,
      about,
      shadow: () => this.#shared.shadows.about,
    })
    this.#api = await startApi({
      bind: admin.bind,
      queries,
      orders: this.orders,
      history: createHistoryDesk(history, this.#loops().fleets),
      audit: (record) => store.audit(record),
      access: openAccess(() => this.#settings, host.log),
      ...host,
    })
    void keepRotated(() => this.#settings, host, this.#quit.signal)
    await this.#configureFirst()
    void this.#balancers.gateway.run(this.#quit.signal).catch((error: unknown) => {
      if (!this.#quit.signal.aborted) onDefect(error)
    })
    await this.#left.replace(this.#settings, await this.#balancers.replace(this.#settings))
    void this.#left.run(this.#quit.signal).catch(onDefect)
    const leaving = leavingFleets(this.#settings)
    writeFleets(stateDir, [...fleets, ...leaving])
    await this.#shared.shadows.renew(this.#settings)
    for (const spec of fleets) await this.#startFleet(spec)
    for (const spec of leaving)
      await this.#leave(spec).catch((error: unknown) => this.#cannotLeave(spec, error))
    void this.#watch().catch(onDefect)
    return this.#api.bound
  }

  /** It must keep nobody from serving: `down` tells of it too, and a start or a reload tries it again. */
  async #cannotLeave({ name }: FleetSpec, error: unknown): Promise<void> {
    if (!(error instanceof Fault)) throw error
    const text = `the file has ${name} no more, and its servers may be left: ${error.message}`
    const { host, store } = this.#shared
    host.log.error(text, { code: error.code })
    await store.event({ at: host.clock.now(), scope: `fleet:${name}`, kind: 'config', text })
  }

  /** Fleets that look before the balancer knows their pools see nothing. The gateway may still be starting. */
  async #configureFirst(): Promise<void> {
    const { clock } = this.#shared.host
    const endAt = clock.now() + FIRST_MS
    do {
      await this.#balancers.gateway.tick(this.#quit.signal)
      if (this.#balancers.gateway.blind === null) return
      await nap(clock, LOOK_MS, this.#quit.signal)
    } while (clock.now() < endAt)
  }

  /** Drains and stops every server; resolves when none is left, or when nothing more can come of it: the servers that are left are for
   *  whoever stops this process. */
  async stopServers(by: string): Promise<void> {
    const { clock, log } = this.#shared.host
    this.#stopping = true
    await this.#exclusively(() => {
      this.#late.clear()
      return this.orders.stop(by)
    })
    const hasGateway = async () => (await this.#stats()) !== null
    const left = await untilStopped(() => [...this.#fleets.values()], hasGateway, clock)
    for (const line of left) log.warn(line)
  }

  /** Ends the loops and the API. Servers and gateway stay as they are. */
  async close(): Promise<void> {
    this.#quit.abort()
    await Promise.all([...this.#fleets.values()].map((run) => run.close()))
    await this.#balancers.close()
    await this.#api?.close()
    const closeSources = await this.#shared.sources.replace([])
    await closeSources()
  }

  #loops() {
    return {
      fleets: () => [...this.#fleets.values()].map((run) => run.loop),
      balancers: () => this.#balancers.loops,
    }
  }

  #stats() {
    return this.#shared.gateway
      .stats(STATS_WINDOW_MS, AbortSignal.timeout(STATS_MS))
      .catch((error: unknown) => {
        if (error instanceof Fault) return null
        throw error
      })
  }

  /** A stop that an earlier run was given is over: this run is to serve. */
  async #startFleet(spec: FleetSpec): Promise<void> {
    await this.#shared.store.withdraw(`fleet:${spec.name}`, { kind: 'stop' })
    await this.#run(spec)
  }

  /** Whoever closes has been through the runs, and waits for none that is still being opened. */
  async #run(spec: FleetSpec): Promise<FleetRun> {
    const run = await FleetRun.start(spec, this.#settings, this.#shared)
    this.#fleets.set(spec.name, run)
    if (this.#quit.signal.aborted) await run.close()
    return run
  }

  /** One reload after another. */
  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#changing.then(change)
    this.#changing = next.then(
      () => {},
      () => {},
    )
    return next
  }

  /** What is refused is told once: it is loaded again when it has changed again. */
  async #watch(): Promise<void> {
    const { host } = this.#shared
    const changed = async (): Promise<void> => {
      if (this.#settings.reload === 'manual' || this.#stopping) return
      await this.#exclusively(() => this.#reload(WATCH)).catch((error: unknown) => {
        if (!(error instanceof Fault)) throw error
        host.log.error(error.message, { code: error.code })
      })
    }
    await watchFiles(() => this.#files, changed, { clock: host.clock, signal: this.#quit.signal })
  }

  /** Refused or not, it is told: whoever sent a signal gets no answer. The watch tells only what is news. */
  async #reload(by: string): Promise<readonly string[]> {
    const say = (text: string): Promise<void> =>
      this.#shared.store.event({ at: this.#shared.host.clock.now(), scope: 'system', kind: 'config', text })
    const { file } = this.#shared
    let warnings: readonly string[] | null
    try {
      warnings = await this.#load(by === WATCH)
    } catch (error) {
      // An event is one line.
      const why = messageOf(error).replaceAll('\n', '; ')
      const known = by === WATCH && why === this.#refusal
      this.#refusal = why
      if (!known) await say(`${by}: ${file} is refused, the old configuration stays: ${why}`)
      throw error
    }
    this.#refusal = null
    if (warnings !== null) await say([`${by} loaded ${file} anew`, ...warnings].join('; '))
    return warnings ?? []
  }

  /** The lines that warn of the new file; null when it means what the old one meant, and only another was to be loaded. */
  async #load(onlyOther: boolean): Promise<readonly string[] | null> {
    if (this.#stopping) throw invalid('it is stopping: nothing is loaded any more')
    const loaded = await loadSettings(this.#shared.file, process.env, Date.now())
    this.#files = loaded.files
    if (!loaded.ok) throw invalid(errorLines(loaded.problems).join('\n'))
    const { settings } = loaded
    if (onlyOther && this.#means(settings)) return null
    const fixed = unchangeable(this.#settings, settings)
    if (fixed.length > 0)
      throw invalid(`${fixed.join(', ')} cannot change while Tidegate runs: stop it and start it anew`)
    const moved = movedFleets(settings)
    if (moved.length > 0) throw invalid(moved.join('\n'))
    checkTokens(settings)
    const ports = new Set(this.#settings.balancer.listeners.map(({ bind }) => bind.port))
    const taken = await takenPorts(listenerBinds(settings).filter(({ bind }) => !ports.has(bind.port)))
    if (taken.length > 0) throw invalid(taken.join('\n'))
    const leaving = leavingFleets(settings)
    writeFleets(settings.stateDir, [...settings.fleets, ...leaving])
    const closeOld = await this.#shared.sources.replace(settings.sources)
    this.#settings = settings
    const failed: string[] = []
    const note = (error: unknown, what = ''): void => {
      if (!(error instanceof Fault)) throw error
      failed.push(`${what}${error.message}`)
    }
    const replaced = this.#left.replace(settings, await this.#balancers.replace(settings))
    await replaced.catch((error: unknown) => note(error))
    void this.#left.look().catch(this.#shared.onDefect)
    this.#late.clear()
    for (const spec of settings.fleets)
      await this.#change(spec).catch((error: unknown) => {
        note(error, `${spec.name} does not run yet, and is tried again: `)
        this.#late.add(spec, messageOf(error))
      })
    for (const spec of leaving)
      await this.#leave(spec).catch((error: unknown) =>
        note(error, `${spec.name} does not run, and a reload tries it again: `),
      )
    const shaded = this.#shade(() => this.#shared.shadows.renew(settings))
    await shaded.catch((error: unknown) => note(error))
    await closeOld()
    return [...startLines(settings.file, loaded.warnings), ...failed]
  }

  /** What it changes of the shadow is for the next tick of each fleet. */
  #shade<T>(change: () => Promise<T>): Promise<T> {
    return change().finally(() => {
      for (const run of this.#fleets.values()) run.replace(run.spec, this.#settings)
    })
  }

  /** Do these settings, and the secrets that drivers were opened with, say what runs? */
  #means(settings: Settings): boolean {
    if (canonical(settings) !== canonical(this.#settings)) return false
    if (!this.#balancers.accepts(settings)) return false
    return settings.fleets.every((spec) => this.#fleets.get(spec.name)?.accepts(spec, settings))
  }

  async #change(spec: FleetSpec): Promise<void> {
    const run = this.#fleets.get(spec.name)
    const ids = run?.loop.status().servers.map((server) => server.id) ?? []
    const left = run?.spec.pools.filter((pool) => !spec.pools.includes(pool)) ?? []
    if (run?.accepts(spec, this.#settings)) {
      await this.#shared.store.withdraw(`fleet:${spec.name}`, { kind: 'stop' })
      run.replace(spec, this.#settings)
    } else {
      this.#fleets.delete(spec.name)
      await run?.close()
      await this.#startFleet(spec)
    }
    for (const pool of left)
      void this.#leavePool(spec.name, pool, ids).catch((error: unknown) => this.#shared.onDefect(error))
  }

  /** The fleet's loop looks only at the pools that it feeds now: in those it fed before, nobody else removes its servers.
   *  What they have in flight there they finish. A balancer that is just being opened, or does not answer, is asked again. */
  async #leavePool(fleet: string, pool: string, ids: readonly string[]): Promise<void> {
    const { clock } = this.#shared.host
    const isFed = () =>
      this.#settings.fleets.some(({ name, pools }) => name === fleet && pools.includes(pool))
    while (!this.#quit.signal.aborted && poolsOf(this.#settings).has(pool) && !isFed()) {
      try {
        return await this.#balancers.spreader.drop(pool, ids, NEVER)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
      }
      await nap(clock, LEAVE_MS, this.#quit.signal)
    }
  }

  /** The file has it no more, and perhaps not all of its pools: its servers drain and stop, and then its loop ends. */
  async #leave(former: FleetSpec): Promise<void> {
    const { store, host } = this.#shared
    const pools = poolsOf(this.#settings)
    const spec = { ...former, pools: former.pools.filter((pool) => pools.has(pool)) }
    await orderStop(store, spec.name, host.clock.now())
    const known = this.#fleets.get(spec.name)
    known?.replace(spec, this.#settings)
    void this.#closeWhenEmpty(known ?? (await this.#run(spec)))
  }

  async #closeWhenEmpty(run: FleetRun): Promise<void> {
    const { name } = run.loop
    const isCurrent = () =>
      this.#fleets.get(name) === run && !this.#settings.fleets.some((fleet) => fleet.name === name)
    while (isCurrent() && !run.isEmpty && !this.#quit.signal.aborted)
      await nap(this.#shared.host.clock, LOOK_MS, this.#quit.signal)
    if (!isCurrent() || this.#quit.signal.aborted) return
    this.#fleets.delete(name)
    forgetFleet(run.spec, this.#settings.stateDir)
    await run.close()
  }
}

/** The names of all pools, whoever has them. */
function poolsOf({ balancer, balancers }: Settings): ReadonlySet<string> {
  const specs = [balancer, ...balancers.map(({ spec }) => spec)]
  return new Set(specs.flatMap(({ pools }) => pools.map(({ name }) => name)))
}

async function orderStop(store: Store, fleet: string, at: number): Promise<void> {
  const scope = `fleet:${fleet}`
  await store.withdraw(scope, { kind: 'stop' })
  await store.order({ kind: 'stop' }, { scope, at, untilAt: null, by: 'reload' })
}

function invalid(message: string): Fault {
  return new Fault('config.invalid', message, { source: 'user', retry: 'no' })
}

/** Settings on which other processes already run. */
function unchangeable(now: Settings, next: Settings): string[] {
  const changed = (differs: boolean, what: string): string[] => (differs ? [what] : [])
  return [
    ...changed(now.stateDir !== next.stateDir, 'state'),
    ...changed(now.installation !== next.installation, 'name'),
    ...changed(now.history.maxBytes !== next.history.maxBytes, 'history.size'),
    ...changed(now.gateway.workers !== next.gateway.workers, 'gateway.workers'),
    ...changed(
      now.admin.bind.host !== next.admin.bind.host || now.admin.bind.port !== next.admin.bind.port,
      'admin.bind',
    ),
  ]
}
