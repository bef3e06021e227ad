import { BalancerLoop } from '../../src/controller/balancer-loop.ts'
import { FleetLoop } from '../../src/controller/fleet-loop.ts'
import type { FleetPorts, FleetSettings } from '../../src/controller/ports.ts'
import type { ShadowSettings } from '../../src/controller/shadow.ts'
import { Turns } from '../../src/controller/turns.ts'
import type { Balancer, BalancerSpec, MemberSpec } from '../../src/core/balancer.ts'
import type { Forecaster } from '../../src/core/forecast.ts'
import { KEEP_ALIVE } from '../../src/core/keep-alive.ts'
import type { FleetSpec } from '../../src/core/policy.ts'
import type { Event } from '../../src/core/store.ts'
import type { Logger, Millis } from '../../src/core/time.ts'
import { cronCalendar } from '../../src/drivers/cron/calendar.ts'
import { forecastOf } from '../../src/scaling/forecast/forecast.ts'
import { policiesOf } from '../../src/scaling/policies/compile.ts'
import { SimBalancer } from '../../src/simulator/sim-balancer.ts'
import { SimFleet, type SimFleetNature } from '../../src/simulator/sim-fleet.ts'
import { SimHistory } from '../../src/simulator/sim-history.ts'
import { SimMetrics } from '../../src/simulator/sim-metrics.ts'
import { SimStore } from '../../src/simulator/sim-store.ts'
import { study } from '../../src/simulator/tuning/study.ts'
import { VirtualClock } from '../../src/simulator/virtual-clock.ts'
import { aFleet, aTarget, NOON } from './scaling.ts'

export interface WorldOptions {
  readonly fleet?: Parameters<typeof aFleet>[0]
  readonly nature?: Partial<SimFleetNature>
  readonly requestMs?: Millis
  readonly servers?: readonly MemberSpec[]
  /** Stories of days look less often than every second. */
  readonly tickMs?: Millis
  /** Another world's: its fleet then is another one too, by `wrap`. */
  readonly clock?: VirtualClock
  /** Whether a server that is not of the imaginary fleet answers at this address. */
  readonly isUp?: (address: string) => boolean
  /** In place of the imaginary balancer, anew for every controller that starts. */
  readonly carry?: () => Balancer
  /** What it is to carry, of what the imaginary one would. */
  readonly carried?: (spec: BalancerSpec) => BalancerSpec
  /** Put around the ports of every controller that starts. */
  readonly wrap?: (ports: FleetPorts) => FleetPorts
}

/** What the thread of a controller does, in line. */
const INLINE: Forecaster = {
  forecast: async (load, about) => forecastOf(load, about, about.experience),
}
const SILENT: Logger = { info: () => {}, warn: () => {}, error: () => {} }

/** A whole controller on virtual time, over a fleet and a balancer that outlive it. */
export class World {
  readonly clock: VirtualClock
  readonly fleet: SimFleet
  readonly balancer: SimBalancer
  readonly store: SimStore
  readonly history: SimHistory
  /** Requests in flight that the clients cause. */
  load = 0
  /** Requests a second; null = as many as `load` comes to at 50 ms each. */
  arrivals: number | null = null
  /** What ended a loop. */
  readonly ends: unknown[] = []
  loops: { readonly fleet: FleetLoop; readonly balancer: BalancerLoop } | null = null
  spec: FleetSpec
  /** Decides beside it; null = nobody does. */
  shadow: ShadowSettings | null = null
  readonly #options: WorldOptions
  #stop = new AbortController()

  constructor(options: WorldOptions = {}) {
    this.#options = options
    this.spec = aFleet({ policies: [aTarget('in-flight-per-server', 8)], ...options.fleet })
    this.clock = options.clock ?? new VirtualClock(NOON)
    this.store = new SimStore(this.clock)
    this.history = new SimHistory(this.clock)
    this.fleet = new SimFleet(this.clock.steady, options.nature) // a server starts no sooner for a clock that is set
    this.balancer = new SimBalancer(this.clock, {
      isUp: (address) =>
        this.fleet.isUp(address) ||
        options.isUp?.(address) === true ||
        (options.servers ?? []).some((s) => s.address === address),
      inFlight: () => this.load,
      requestMs: options.requestMs ?? 300,
    })
  }

  /** Starts a controller that remembers only what is in the store. */
  start(): void {
    this.#stop = new AbortController()
    const carrier = this.#options.carry?.() ?? this.balancer
    const ports = this.#ports(carrier)
    const fleet = new FleetLoop(this.settings(), ports)
    const balancer = new BalancerLoop(
      { spec: this.balancerSpec(), tickMs: this.#tickMs },
      { ...ports, balancer: carrier },
    )
    this.loops = { fleet, balancer }
    for (const loop of [balancer, fleet]) {
      loop.run(this.#stop.signal).catch((error: unknown) => this.ends.push(error))
    }
  }

  /** As a kill -9: what it had begun in the world goes on. */
  kill(): void {
    this.#stop.abort(new Error('killed'))
  }

  async pass(ms: Millis, everySecond: () => void | Promise<void> = () => {}): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      await this.clock.advance(Math.min(1000, left))
      await everySecond()
    }
  }

  settings(): FleetSettings {
    const policies = policiesOf(this.spec)
    const settings = { fleet: this.spec, policies, balancers: ['gateway'], installation: 'test' }
    return { ...settings, tickMs: this.#tickMs, shadow: this.shadow }
  }

  balancerSpec(): BalancerSpec {
    const pools = this.spec.pools.map((name) => ({
      name,
      algorithm: 'least-connections' as const,
      health: HEALTH,
      slowStartMs: 0,
      upstream: {
        connectMs: 1000,
        idleMs: 4000,
        maxConnections: 2000,
        maxPending: 100,
        keepAlive: KEEP_ALIVE,
      },
      retries: 1,
      servers: this.#options.servers ?? [],
      fleets: [this.spec.name],
    }))
    const spec = {
      name: 'gateway',
      listeners: [],
      pools,
      panicRatio: 0.5,
      accessLog: null,
      bandwidthBps: null,
    }
    return this.#options.carried?.(spec) ?? spec
  }

  get #tickMs(): Millis {
    return this.#options.tickMs ?? 1000
  }

  get status() {
    return this.loops!.fleet.status()
  }

  async events(kind?: Event['kind']): Promise<readonly string[]> {
    const events = await this.store.lastEvents(10_000)
    return events.filter((event) => kind === undefined || event.kind === kind).map((event) => event.text)
  }

  #ports(balancer: Balancer): FleetPorts {
    const load = (metric: string) =>
      metric === 'in-flight' ? this.load : metric === 'rps' ? (this.arrivals ?? this.load * 20) : null
    const metrics = new SimMetrics(this.clock, load)
    const ports: FleetPorts = {
      fleet: this.fleet,
      balancer,
      trouble: () => this.loops?.balancer.blind ?? null,
      metrics: (from) => (from === 'balancer' ? metrics : null),
      calendar: cronCalendar(),
      store: this.store,
      history: this.history,
      forecaster: INLINE,
      tuner: { study: async (question) => study(question) },
      turns: new Turns(),
      clock: this.clock,
      rng: () => 0.5,
      log: SILENT,
    }
    return this.#options.wrap?.(ports) ?? ports
  }
}

const HEALTH = {
  type: 'http',
  path: '/health',
  expect: { from: 200, to: 399 },
  intervalMs: 30_000,
  timeoutMs: 5_000,
  unhealthy: 3,
  healthy: 2,
} as const

/** What tests that order other things hand to `createOrders`. */
export const NO_SHADOW = {
  startShadow: () => Promise.reject(new Error('nobody runs in shadow here')),
  stopShadow: () => Promise.reject(new Error('nobody runs in shadow here')),
}
