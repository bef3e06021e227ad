import { FleetLoop } from '../controller/fleet-loop.ts'
import type { FleetSettings } from '../controller/ports.ts'
import type { Turns } from '../controller/turns.ts'
import type { Forecaster } from '../core/forecast.ts'
import type { History } from '../core/history.ts'
import type { MetricSource } from '../core/metrics.ts'
import type { FleetSpec } from '../core/policy.ts'
import type { Settings } from '../core/settings.ts'
import type { Store } from '../core/store.ts'
import type { Host } from '../core/time.ts'
import type { Tuner } from '../core/tuning.ts'
import { cronCalendar } from '../drivers/cron/calendar.ts'
import type { OpenGateway } from '../drivers/gateway/open.ts'
import { policiesOf } from '../scaling/policies/compile.ts'
import { type Balancers, balancerOf } from './balancers.ts'
import { type OpenedDriver, openDriver } from './open-driver.ts'
import type { Shadows } from './shadows.ts'
import type { Sources } from './sources.ts'

/** What every loop of a controller shares. */
export interface Shared {
  /** The configuration as its user named it, absolute: a link may come to lead elsewhere. */
  readonly file: string
  readonly host: Host
  readonly store: Store
  readonly history: History
  readonly forecaster: Forecaster
  readonly tuner: Tuner
  readonly turns: Turns
  readonly gateway: OpenGateway
  readonly balancers: Balancers
  readonly sources: Sources
  readonly shadows: Shadows
  /** A loop ended by a defect: the process must end and be started anew. */
  readonly onDefect: (error: unknown) => void
}

/** One fleet's loop with its driver, running until it is closed. Closing stops no server. */
export class FleetRun {
  readonly loop: FleetLoop
  readonly #opened: OpenedDriver
  readonly #quit = new AbortController()
  readonly #done: Promise<void>
  readonly #shadows: Shadows
  /** The driver fills in secrets from here. */
  readonly #place: { file: string }
  #spec: FleetSpec

  private constructor(
    loop: FleetLoop,
    { spec, opened, place }: { spec: FleetSpec; opened: OpenedDriver; place: { file: string } },
    shared: Shared,
  ) {
    this.loop = loop
    this.#spec = spec
    this.#opened = opened
    this.#place = place
    this.#shadows = shared.shadows
    this.#done = loop.run(this.#quit.signal).catch((error: unknown) => {
      if (!this.#quit.signal.aborted) shared.onDefect(error)
    })
  }

  static async start(spec: FleetSpec, settings: Settings, shared: Shared): Promise<FleetRun> {
    const place = { file: settings.file }
    const opened = await openDriver(spec, place, shared.host)
    const { fleet, metrics } = opened
    const { gateway, balancers, sources, store, history, forecaster, tuner, turns, host } = shared
    const own: Readonly<Record<string, MetricSource | null>> = { balancer: gateway.metrics, fleet: metrics }
    const ports = {
      fleet,
      balancer: balancers.spreader,
      trouble: balancers.trouble,
      metrics: (from: string) => own[from] ?? sources.of(from),
      calendar: cronCalendar(),
      store,
      history,
      forecaster,
      tuner,
      turns,
      ...host,
    }
    return new FleetRun(
      new FleetLoop(fleetSettings(spec, settings, shared.shadows), ports),
      { spec, opened, place },
      shared,
    )
  }

  get spec(): FleetSpec {
    return this.#spec
  }

  /** Can this spec be taken over without opening the driver anew? */
  accepts(spec: FleetSpec, settings: Settings): boolean {
    return this.#opened.isFor(spec, settings)
  }

  replace(spec: FleetSpec, settings: Settings): void {
    this.#spec = spec
    this.#place.file = settings.file
    this.loop.replace(fleetSettings(spec, settings, this.#shadows))
  }

  /** No server, none that is kept, and no launch under way that could still bring one. */
  get isEmpty(): boolean {
    const { blind, servers, kept, open } = this.loop.status()
    return blind === null && servers.length === 0 && kept === 0 && open.length === 0
  }

  async close(): Promise<void> {
    this.#quit.abort()
    await this.#done
    await this.#opened[Symbol.asyncDispose]()
  }
}

function fleetSettings(fleet: FleetSpec, settings: Settings, shadows: Shadows): FleetSettings {
  const { installation, tickMs } = settings
  const balancers = [...new Set(fleet.pools.map((pool) => balancerOf(pool, settings)))]
  const shadow = shadows.of(fleet.name)
  return { fleet, policies: policiesOf(fleet), balancers, installation, tickMs, shadow }
}
